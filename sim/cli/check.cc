#include "sim/cli/check.h"

#include <iostream>

#include "base/text/diagnostic.h"
#include "sim/cli/bad_input.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/file_options.h"
#include "sim/file/files.h"
#include "sim/file/parse.h"
#include "sim/scenario/program_name.h"

namespace macula::sim {

namespace {

constexpr FileCommand kCheckCommand{
    "check",
    "PATH...",
    "validate scenario files, run nothing",
    "Reads scenario files (or all that the folders hold), says of each whether it is right,\n"
    "and runs nothing. Ends with 2 if any is wrong.\n",
    true,
    true,
};

}  // namespace

CommandManual check_manual() {
  return manual_of(kCheckCommand);
}

int run_check(const Kit& kit, const std::vector<std::string>& arguments) {
  const auto parsed = parse_file_arguments(kCheckCommand, arguments);
  if (parsed && parsed->help) {
    std::cout << help_text(program_name(), check_manual());
    return kPassed;
  }
  if (!parsed || parsed->paths.empty()) {
    return bad_input("check", parsed ? "no scenario given: name files, or folders that hold them"
                                     : parsed.error());
  }
  const auto files = find_scenario_files(parsed->paths);
  if (!files) {
    std::cerr << format(files.error());
    return kBadInput;
  }
  int code = kPassed;
  for (const std::string& file : *files) {
    const auto scenario = parse_scenario(kit, file, parsed->overrides);
    if (!scenario) {
      std::cerr << format(scenario.error());
      code = kBadInput;
      continue;
    }
    std::cerr << format(scenario->warnings);
    if (parsed->strict && !scenario->warnings.empty()) {
      code = kBadInput;
    } else {
      std::cout << file << ": ok\n";
    }
  }
  return code;
}

}  // namespace macula::sim
