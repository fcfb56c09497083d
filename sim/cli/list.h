// `macula-sim list [PATH]`: the scenarios of a folder, a line each: name, seed, duration, about.
#pragma once

#include <string>
#include <vector>

#include "base/command_line/manual.h"
#include "sim/scenario/kit.h"

namespace macula::sim {

// Without a path: the folder `scenarios`. Returns the exit code: 2 if any file is wrong, else 0.
[[nodiscard]] int run_list(const Kit& kit, const std::vector<std::string>& arguments);
[[nodiscard]] CommandManual list_manual();

}  // namespace macula::sim
