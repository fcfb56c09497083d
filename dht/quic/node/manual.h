// The manual of `macula-node` and its commands.
#pragma once

#include <string>
#include <vector>

#include "base/command_line/manual.h"

namespace macula::dht::quic {

struct Command {
  CommandManual manual;
  int (*run)(const std::vector<std::string>& arguments);
};

[[nodiscard]] std::vector<Command> commands();

[[nodiscard]] ProgramManual node_manual();

}  // namespace macula::dht::quic
