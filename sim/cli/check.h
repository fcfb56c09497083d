// `macula-sim check PATH... [--set KEY=VALUE]... [--strict]`: says whether scenario files are
// right, and runs nothing.
//
//     heal.toml: ok
//     split.toml:12:3: error: unknown key `cuont`, did you mean `count`?
#pragma once

#include <string>
#include <vector>

#include "base/command_line/manual.h"
#include "sim/scenario/kit.h"

namespace macula::sim {

// Returns the exit code: 2 if any file is wrong, or with --strict has warnings; else 0.
[[nodiscard]] int run_check(const Kit& kit, const std::vector<std::string>& arguments);
[[nodiscard]] CommandManual check_manual();

}  // namespace macula::sim
