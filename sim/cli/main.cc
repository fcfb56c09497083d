// `macula-sim`: finds the command and hands it its arguments. Each command is a file of its own.

#include <fmt/format.h>

#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "base/text/suggest.h"
#include "sim/cli/check.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/explain.h"
#include "sim/cli/frame.h"
#include "sim/cli/list.h"
#include "sim/cli/run.h"

namespace macula::sim {
namespace {

using Arguments = std::vector<std::string>;

int frame_of_standard_streams(const Arguments& arguments) {
  return run_frame(arguments, std::cin, std::cout, std::cerr);
}

struct Command {
  std::string_view name;
  std::string_view about;
  int (*run)(const Arguments&);  // nothing: not built yet
};

constexpr Command kCommands[] = {
    {"run", "run scenarios and judge them", run_run},
    {"check", "validate scenario files, run nothing", run_check},
    {"list", "list the scenarios of a folder", run_list},
    {"explain", "print a scenario with everything filled in", run_explain},
    {"frame", "decode and encode wire frames", frame_of_standard_streams},
    {"explore", "look for failures under random faults", nullptr},
    {"shrink", "reduce a failing scenario to the smallest that fails", nullptr},
    {"diff", "find the first event in which two runs differ", nullptr},
    {"sweep", "run a grid of parameters", nullptr},
    {"compare", "say whether one set of results is worse than another", nullptr},
    {"graph", "write the overlay as a graph, with its statistics", nullptr},
    {"report", "write results as one HTML page", nullptr},
};

void print_help() {
  fmt::print("Usage: macula-sim COMMAND [arguments]\n\nCommands:\n");
  for (const Command& command : kCommands) {
    fmt::print("  {:<10}{}{}\n", command.name, command.about,
               command.run == nullptr ? " (not built yet)" : "");
  }
  fmt::print("\n'macula-sim COMMAND --help' says more. --version prints the version.\n");
}

int unknown_command(const std::string& name) {
  std::vector<std::string> names;
  for (const Command& command : kCommands) names.emplace_back(command.name);
  fmt::print(stderr, "macula-sim: unknown command '{}'{}\n", name,
             suggestion(name, "the commands are", names));
  return kBadInput;
}

int dispatch(const Arguments& arguments) {
  if (arguments.empty()) {
    fmt::print(stderr, "macula-sim: no command given; 'macula-sim --help' lists them\n");
    return kBadInput;
  }
  const std::string& name = arguments.front();
  if (name == "--help" || name == "-h" || name == "help") {
    print_help();
    return kPassed;
  }
  if (name == "--version") {
    fmt::print("macula-sim {}\n", MACULA_VERSION);
    return kPassed;
  }
  for (const Command& command : kCommands) {
    if (command.name != name) continue;
    if (command.run != nullptr) return command.run({arguments.begin() + 1, arguments.end()});
    fmt::print(stderr, "macula-sim: {} is not built yet\n", name);
    return kBadInput;
  }
  return unknown_command(name);
}

}  // namespace
}  // namespace macula::sim

int main(int argc, char** argv) {
  return macula::sim::dispatch({argv + (argc > 0 ? 1 : 0), argv + argc});
}
