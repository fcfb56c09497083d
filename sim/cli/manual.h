// The manual of a kit's program and its commands.
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

// Those of every kit.
[[nodiscard]] std::vector<Command> commands();

// With the commands that the program has of its own.
[[nodiscard]] ProgramManual simulator_manual(const std::vector<Command>& own = {});

}  // namespace macula::sim
