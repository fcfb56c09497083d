// The name of this program: in its messages, and in commands that people paste. A kit brings it
// (sim/scenario/kit.h), since its `main` is the user's.
//
//   name_program(kit.program);          // once, before any thread starts
//   std::cerr << program_name() << ": no such file\n";
#pragma once

#include <string>
#include <string_view>

namespace macula::sim {

inline constexpr std::string_view kSimulatorName = "macula-sim";

namespace detail {
inline std::string program{kSimulatorName};
}  // namespace detail

[[nodiscard]] inline const std::string& program_name() {
  return detail::program;
}
inline void name_program(std::string_view name) {
  detail::program = name;
}

// For the end of a message on wrong usage: "\n'macula-sim run --help' lists the options".
[[nodiscard]] inline std::string help_hint(std::string_view command) {
  return "\n'" + program_name() + " " + std::string(command) + " --help' lists the options";
}

}  // namespace macula::sim
