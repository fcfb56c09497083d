#include "sim/study/diff_command.h"

#include <utility>

#include "sim/run/replay.h"
#include "sim/scenario/program_name.h"

namespace macula::sim {

std::string DiffCommand::of(std::uint64_t seed) const {
  const std::string run = ' ' + quoted_for_shell(file + ':' + std::to_string(seed));
  std::string command = program_name() + " diff";
  if (program_a.empty()) {
    command += run + run;
  } else {
    command += " --programs " + quoted_for_shell(program_a) + ' ' + quoted_for_shell(program_b);
    command += run;
  }
  for (const auto& [name, settings] :
       {std::pair(" --a ", &settings_a), std::pair(" --b ", &settings_b)}) {
    for (const auto& [key, value] : *settings) {
      command += name + quoted_for_shell(key + '=' + value);
    }
  }
  return command;
}

}  // namespace macula::sim
