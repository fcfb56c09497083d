// `macula-sim compare`: is B better than A, seed by seed? Two settings of a scenario, two programs,
// or two stores.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/kit.h"

namespace macula::sim {

// The arguments after `compare`; returns the exit code.
[[nodiscard]] int run_compare(const Kit& kit, const std::vector<std::string>& arguments);

}  // namespace macula::sim
