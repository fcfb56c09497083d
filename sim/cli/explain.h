// `macula-sim explain FILE`: the scenario with everything filled in, and where each value came
// from.
#pragma once

#include <string>
#include <vector>

#include "base/command_line/manual.h"
#include "sim/scenario/kit.h"

namespace macula::sim {

// `--set KEY=VALUE` as for `run`. Returns the exit code: 2 if the file is wrong, else 0.
[[nodiscard]] int run_explain(const Kit& kit, const std::vector<std::string>& arguments);
[[nodiscard]] CommandManual explain_manual();

}  // namespace macula::sim
