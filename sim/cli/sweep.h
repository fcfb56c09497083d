// `macula-sim sweep`: a scenario at every point of a grid of settings.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/kit.h"

namespace macula::sim {

// The arguments after `sweep`; returns the exit code.
[[nodiscard]] int run_sweep(const Kit& kit, const std::vector<std::string>& arguments);

}  // namespace macula::sim
