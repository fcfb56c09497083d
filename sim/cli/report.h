// `macula-sim report`: a page that shows what is in a store, or in two.
#pragma once

#include <string>
#include <vector>

#include "base/command_line/manual.h"
#include "sim/scenario/kit.h"

namespace macula::sim {

// The arguments after `report`; returns the exit code.
[[nodiscard]] int run_report(const Kit& kit, const std::vector<std::string>& arguments);

[[nodiscard]] CommandManual report_manual();

}  // namespace macula::sim
