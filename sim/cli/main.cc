// `macula-sim`: finds the command and hands it its arguments. Each command is a file of its own.

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

int dispatch(const std::vector<std::string>& arguments) {
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
    if (command.manual.name == name) return command.run({arguments.begin() + 1, arguments.end()});
    names.push_back(command.manual.name);
  }
  std::cerr << "macula-sim: unknown command '" << name << '\''
            << suggestion(name, "the commands are", names) << '\n';
  return kBadInput;
}

}  // namespace
}  // namespace macula::sim

int main(int argc, char** argv) {
  macula::prepare_standard_streams();
  const int code = macula::sim::dispatch({argv + (argc > 0 ? 1 : 0), argv + argc});
  return macula::finish_standard_output("macula-sim", code);
}
