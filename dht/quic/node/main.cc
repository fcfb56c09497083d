// `macula-node`: finds the command and hands it its arguments. Each command is a file of its own.

#include <fmt/format.h>

#include <iostream>
#include <string>
#include <vector>

#include "base/command_line/standard_output.h"
#include "base/text/suggest.h"
#include "dht/quic/node/exit_code.h"
#include "dht/quic/node/log.h"
#include "dht/quic/node/manual.h"

namespace macula::dht::quic {
namespace {

int dispatch(const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    log("no command given; 'macula-node --help' lists them");
    return kBadInput;
  }
  const std::string& name = arguments.front();
  if (name == "--help" || name == "-h" || name == "help") {
    std::cout << command_list(node_manual());
    return kDone;
  }
  if (name == "--version") {
    std::cout << "macula-node " << MACULA_VERSION << '\n';
    return kDone;
  }
  std::vector<std::string> names;
  for (const Command& command : commands()) {
    if (command.manual.name == name) return command.run({arguments.begin() + 1, arguments.end()});
    names.push_back(command.manual.name);
  }
  log(fmt::format("unknown command '{}'{}", name, suggestion(name, "the commands are", names)));
  return kBadInput;
}

}  // namespace
}  // namespace macula::dht::quic

int main(int argc, char** argv) {
  macula::prepare_standard_streams();
  const int code = macula::dht::quic::dispatch({argv + (argc > 0 ? 1 : 0), argv + argc});
  return macula::finish_standard_output("macula-node", code);
}
