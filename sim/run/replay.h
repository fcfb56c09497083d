// The command that runs a scenario again as it was run.
//
//   replay_command("heal.toml", 42, "virtual", {{"protocol.k", "2"}});
//   // "macula-sim run heal.toml --seed 42 --set protocol.k=2"
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/scenario/scenario.h"

namespace macula::sim {

// A word of a command, as a shell takes it.
[[nodiscard]] std::string quoted_for_shell(std::string_view word);

// The options of settings, one each, ready for a shell: " --set protocol.k=2".
[[nodiscard]] std::string options_for_shell(std::string_view option, const Overrides& settings);

// Ready for a shell.
[[nodiscard]] std::string replay_command(std::string_view file, std::uint64_t seed,
                                         std::string_view world, const Overrides& overrides);

}  // namespace macula::sim
