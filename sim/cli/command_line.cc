#include "sim/cli/command_line.h"

#include <iostream>
#include <string>
#include <vector>

#include "base/command_line/standard_output.h"
#include "base/text/suggest.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/manual.h"
#include "sim/study/version.h"

namespace macula::sim {
namespace {

int dispatch(const Kit& kit, const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    std::cerr << "macula-sim: no command given; 'macula-sim --help' lists them\n";
    return kBadInput;
  }
  const std::string& name = arguments.front();
  if (name == "--help" || name == "-h" || name == "help") {
    std::cout << command_list(simulator_manual());
    return kPassed;
  }
  if (name == "--version") {
    std::cout << "macula-sim " << program_version() << " (" << program_commit() << ")\n";
    return kPassed;
  }
  std::vector<std::string> names;
  for (const Command& command : commands()) {
    if (command.manual.name == name)
      return command.run(kit, {arguments.begin() + 1, arguments.end()});
    names.push_back(command.manual.name);
  }
  std::cerr << "macula-sim: unknown command '" << name << '\''
            << suggestion(name, "the commands are", names) << '\n';
  return kBadInput;
}

}  // namespace

int run_command_line(const Kit& kit, int argc, char** argv) {
  prepare_standard_streams();
  const int code = dispatch(kit, {argv + (argc > 0 ? 1 : 0), argv + argc});
  return finish_standard_output("macula-sim", code);
}

}  // namespace macula::sim
