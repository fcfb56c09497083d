// The command `macula-sim diff`: the first event in which two runs differ.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/kit.h"

namespace macula::sim {

// The arguments after `diff`. Returns the exit code.
[[nodiscard]] int run_diff(const Kit& kit, const std::vector<std::string>& arguments);

}  // namespace macula::sim
