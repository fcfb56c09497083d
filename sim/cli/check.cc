#include "sim/cli/check.h"

#include <fmt/format.h>

#include "base/text/diagnostic.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/file_options.h"
#include "sim/scenario/files.h"
#include "sim/scenario/parse.h"

namespace macula::sim {

int run_check(const std::vector<std::string>& arguments) {
  const FileCommand command{
      "macula-sim check PATH... [--set KEY=VALUE]... [--strict]",
      "Reads scenario files (or all that the folders hold), says of each whether it is right,\n"
      "and runs nothing. Ends with 2 if any is wrong.",
      true,
      true,
      {}};
  const auto parsed = parse_file_arguments(command, arguments);
  if (parsed && parsed->help) {
    fmt::print("{}", file_help(command));
    return kPassed;
  }
  if (!parsed || parsed->paths.empty()) {
    fmt::print(
        stderr, "macula-sim check: {}\n",
        parsed ? "no scenario given: name files, or folders that hold them" : parsed.error());
    return kBadInput;
  }
  const auto files = find_scenario_files(parsed->paths);
  if (!files) {
    fmt::print(stderr, "{}", format(files.error()));
    return kBadInput;
  }
  int code = kPassed;
  for (const std::string& file : *files) {
    const auto scenario = parse_scenario(file, parsed->overrides);
    if (!scenario) {
      fmt::print(stderr, "{}", format(scenario.error()));
      code = kBadInput;
      continue;
    }
    fmt::print(stderr, "{}", format(scenario->warnings));
    if (parsed->strict && !scenario->warnings.empty()) {
      code = kBadInput;
    } else {
      fmt::print("{}: ok\n", file);
    }
  }
  return code;
}

}  // namespace macula::sim
