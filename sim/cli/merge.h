// `macula-sim merge`: stores of several machines made one.
#pragma once

#include <string>
#include <vector>

#include "base/command_line/manual.h"
#include "sim/scenario/kit.h"

namespace macula::sim {

// The arguments after `merge`; returns the exit code.
[[nodiscard]] int run_merge(const Kit& kit, const std::vector<std::string>& arguments);

[[nodiscard]] CommandManual merge_manual();

}  // namespace macula::sim
