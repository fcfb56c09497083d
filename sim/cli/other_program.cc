#include "sim/cli/other_program.h"

#include <fmt/format.h>

#include <vector>

#include "sim/cli/exit_code.h"
#include "sim/cli/interrupt.h"
#include "sim/study/child.h"

namespace macula::sim {

tl::expected<void, std::string> run_by_program(const ProgramRuns& runs, const std::string& out) {
  std::vector<std::string> command{runs.program,
                                   "run",
                                   runs.file,
                                   "--seeds",
                                   fmt::format("{}..{}", runs.seeds.first, runs.seeds.last),
                                   "--jobs",
                                   std::to_string(runs.jobs),
                                   "--quiet",
                                   "--out",
                                   out};
  if (!runs.world.empty()) command.insert(command.end(), {"--world", runs.world});
  for (const auto& [key, value] : runs.settings) {
    command.insert(command.end(), {"--set", key + "=" + value});
  }
  const std::string log = out + ".log";
  const auto code = run_child(command, log, interrupted);
  if (signal_received() != 0) return tl::unexpected(std::string());
  const std::string said = last_words(log);
  const std::string why = said.empty() ? std::string() : ":\n" + said;
  if (!code) return tl::unexpected(code.error() + why);
  if (*code == kPassed || *code == kFailed) return {};
  return tl::unexpected(fmt::format("{} run ended with {}{}", runs.program, *code, why));
}

}  // namespace macula::sim
