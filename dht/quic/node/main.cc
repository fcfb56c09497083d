// `macula-node`: finds the command and hands it its arguments. Each command is a file of its own.

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/text/suggest.h"
#include "dht/quic/node/commands.h"
#include "dht/quic/node/exit_code.h"
#include "dht/quic/node/log.h"
#include "dht/quic/node/run.h"

namespace macula::dht::quic {
namespace {

using Arguments = std::vector<std::string>;

struct Command {
  std::string_view name;
  std::string_view about;
  int (*run)(const Arguments&);
};

constexpr Command kCommands[] = {
    {"run", "run a node", run_node},
    {"health", "say whether a node answers", run_health},
    {"ping", "ask a node for a PONG", run_ping},
    {"store", "store a value under a key", run_store},
    {"find", "print the values under a key", run_find},
    {"advertise", "provide a procedure, by a shell command", run_advertise},
    {"discover", "print who provides a procedure", run_discover},
    {"call", "call a procedure", run_call},
};

std::string help() {
  std::string text = "Usage: macula-node COMMAND [arguments]\n\nCommands:\n";
  for (const Command& command : kCommands) {
    text += fmt::format("  {:<11}{}\n", command.name, command.about);
  }
  return text + "\n'macula-node COMMAND --help' says more. --version prints the version.\n";
}

int dispatch(const Arguments& arguments) {
  if (arguments.empty()) {
    log("no command given; 'macula-node --help' lists them");
    return kBadInput;
  }
  const std::string& name = arguments.front();
  if (name == "--help" || name == "-h" || name == "help") {
    return print(help()) ? kDone : kFailed;
  }
  if (name == "--version") {
    return print(fmt::format("macula-node {}\n", MACULA_VERSION)) ? kDone : kFailed;
  }
  std::vector<std::string> names;
  for (const Command& command : kCommands) {
    if (command.name == name) return command.run({arguments.begin() + 1, arguments.end()});
    names.emplace_back(command.name);
  }
  log(fmt::format("unknown command '{}'{}", name, suggestion(name, "the commands are", names)));
  return kBadInput;
}

}  // namespace
}  // namespace macula::dht::quic

int main(int argc, char** argv) {
  macula::dht::quic::guard_standard_streams();
  return macula::dht::quic::dispatch({argv + (argc > 0 ? 1 : 0), argv + argc});
}
