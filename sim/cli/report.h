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

// Before a command runs what a page will show: what keeps that page from being written, for a
// person; empty: nothing.
[[nodiscard]] std::string check_report(const std::string& out);
// The page of one store, after a command that ended with `code`; returns what it ends with now.
[[nodiscard]] int report_too(const Kit& kit, const std::string& folder, const std::string& out,
                             int code);

}  // namespace macula::sim
