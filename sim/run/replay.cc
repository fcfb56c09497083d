#include "sim/run/replay.h"

#include "sim/scenario/program_name.h"

namespace macula::sim {

std::string quoted_for_shell(std::string_view word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+@%";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos) {
    return std::string(word);
  }
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

std::string options_for_shell(std::string_view option, const Overrides& settings) {
  std::string options;
  for (const auto& [key, value] : settings) {
    options += ' ';
    options += option;
    options += ' ' + quoted_for_shell(key + '=' + value);
  }
  return options;
}

std::string replay_command(std::string_view file, std::uint64_t seed, std::string_view world,
                           const Overrides& overrides) {
  std::string command = program_name() + " run " + quoted_for_shell(file);
  command += " --seed " + std::to_string(seed);
  if (world != "virtual") command += " --world " + quoted_for_shell(world);
  return command + options_for_shell("--set", overrides);
}

}  // namespace macula::sim
