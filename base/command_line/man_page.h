// A manual as a man page, and as completions for shells.
//
//   std::ofstream("macula-sim.1") << man_page(manual, "0.1.0");
//   std::ofstream("_macula-sim") << zsh_completion(manual);
#pragma once

#include <string>
#include <string_view>

#include "base/command_line/manual.h"

namespace macula {

// In the macros of man(7), section 1.
[[nodiscard]] std::string man_page(const ProgramManual& program, std::string_view version);

// Scripts that complete the commands, their options and values, and files where they are meant.
[[nodiscard]] std::string bash_completion(const ProgramManual& program);
[[nodiscard]] std::string zsh_completion(const ProgramManual& program);
[[nodiscard]] std::string fish_completion(const ProgramManual& program);

}  // namespace macula
