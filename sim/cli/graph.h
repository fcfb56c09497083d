// `macula-sim graph FILE --at T`: who knows whom at an instant of a run.
#pragma once

#include <string>
#include <vector>

#include "base/command_line/manual.h"
#include "sim/scenario/kit.h"

namespace macula::sim {

// The arguments after `graph`; returns the exit code.
[[nodiscard]] int run_graph(const Kit& kit, const std::vector<std::string>& arguments);
[[nodiscard]] CommandManual graph_manual();

}  // namespace macula::sim
