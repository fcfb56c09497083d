// `macula-sim why`: the story of one operation.
#pragma once

#include <string>
#include <vector>

#include "base/command_line/manual.h"
#include "sim/scenario/kit.h"

namespace macula::sim {

// Returns the exit code.
[[nodiscard]] int run_why(const Kit& kit, const std::vector<std::string>& arguments);

[[nodiscard]] CommandManual why_manual();

}  // namespace macula::sim
