// What `macula-sim` says of itself, and its commands.
#pragma once

#include <string>
#include <vector>

#include "base/command_line/manual.h"
#include "sim/scenario/kit.h"

namespace macula::sim {

struct Command {
  CommandManual manual;
  int (*run)(const Kit& kit, const std::vector<std::string>& arguments);
};

[[nodiscard]] std::vector<Command> commands();

[[nodiscard]] ProgramManual simulator_manual();

}  // namespace macula::sim
