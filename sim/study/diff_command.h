// The command that shows where two runs part.
//
//   DiffCommand command{"heal.toml", {}, {{"protocol.alpha", "1"}}};
//   command.of(42);   // "macula-sim diff heal.toml:42 heal.toml:42 --b protocol.alpha=1"
#pragma once

#include <cstdint>
#include <string>

#include "sim/scenario/scenario.h"

namespace macula::sim {

struct DiffCommand {
  std::string file;
  Overrides settings_a;
  Overrides settings_b;
  std::string program_a{};  // empty: this program runs both
  std::string program_b{};

  // Ready for a shell.
  [[nodiscard]] std::string of(std::uint64_t seed) const;
};

}  // namespace macula::sim
