// A scenario at several points of a grid of settings, as a page tells it.
#pragma once

#include <vector>

#include "sim/report/group.h"
#include "sim/report/page_json.h"

namespace macula::sim {

// A list: each scenario of which there are several groups, with the keys that differ between them,
// the values of each, and for each point its figures over the seeds. `figures`: so many at most.
[[nodiscard]] PageJson sweeps_page(const Kit& kit, const std::vector<Group>& groups,
                                   std::size_t figures);

}  // namespace macula::sim
