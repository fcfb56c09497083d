#include "sim/study/diff_command.h"

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
  return command + options_for_shell("--a", settings_a) + options_for_shell("--b", settings_b);
}

}  // namespace macula::sim
