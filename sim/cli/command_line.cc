#include "sim/cli/command_line.h"

#include <iostream>
#include <string>
#include <vector>

#include "base/command_line/standard_output.h"
#include "base/text/suggest.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/manual.h"
#include "sim/scenario/program_name.h"
#include "sim/study/version.h"

namespace macula::sim {
namespace {

int dispatch(const Kit& kit, const std::vector<Command>& own,
             const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    std::cerr << program_name() << ": no command given; '" << program_name()
              << " --help' lists them\n";
    return kBadInput;
  }
  const std::string& name = arguments.front();
  if (name == "--help" || name == "-h" || name == "help") {
    std::cout << command_list(simulator_manual(own));
    return kPassed;
  }
  if (name == "--version") {
    std::cout << kSimulatorName << ' ' << program_version() << " (" << program_commit() << ")\n";
    return kPassed;
  }
  std::vector<Command> known = commands();
  for (const Command& command : own) known.push_back(command);
  std::vector<std::string> names;
  for (const Command& command : known) {
    if (command.manual.name == name)
      return command.run(kit, {arguments.begin() + 1, arguments.end()});
    names.push_back(command.manual.name);
  }
  std::cerr << program_name() << ": unknown command '" << name << '\''
            << suggestion(name, "the commands are", names) << '\n';
  return kBadInput;
}

}  // namespace

int run_command_line(const Kit& kit, int argc, char** argv, const std::vector<Command>& own) {
  prepare_standard_streams();
  name_program(kit.program);
  const int code = dispatch(kit, own, {argv + (argc > 0 ? 1 : 0), argv + argc});
  return finish_standard_output(program_name(), code);
}

}  // namespace macula::sim
