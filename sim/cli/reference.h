// `macula-sim reference`: what scenario files may hold, as Markdown.
#pragma once

#include <string>
#include <vector>

#include "base/command_line/manual.h"
#include "sim/scenario/kit.h"

namespace macula::sim {

// Returns the exit code.
[[nodiscard]] int run_reference(const Kit& kit, const std::vector<std::string>& arguments);
[[nodiscard]] CommandManual reference_manual();

}  // namespace macula::sim
