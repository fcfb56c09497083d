// Two stores held against each other, as a page tells it.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/report/group.h"
#include "sim/report/page_json.h"

namespace macula::sim {

// As `compare A B` judges by the usual gauges, but for those that some run did not measure, which
// are named. `b`: the runs of the second store. The error: stores that are no pair, or a run that
// did not come to its end.
[[nodiscard]] tl::expected<PageJson, std::string> comparison_page(const Kit& kit,
                                                                  const std::string& folder_a,
                                                                  const std::string& folder_b,
                                                                  const std::vector<Group>& b);

}  // namespace macula::sim
