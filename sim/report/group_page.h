// A scenario under one setting, as a page tells it: verdict, expectations, metrics over the seeds,
// distributions, runs.
#pragma once

#include <string>
#include <vector>

#include "sim/report/group.h"
#include "sim/report/page_json.h"
#include "sim/report/thinning.h"

namespace macula::sim {

// The row of every group in the table of all.
[[nodiscard]] PageJson group_row(const Group& group);

// All of it. `alone`: so many runs have their course over time. `left_out` names the parts left
// out.
[[nodiscard]] PageJson group_page(const Kit& kit, const Group& group, const Thinning& thinning,
                                  std::size_t alone, std::vector<std::string>& left_out);

}  // namespace macula::sim
