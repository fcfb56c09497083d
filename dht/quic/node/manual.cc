#include "dht/quic/node/manual.h"

#include <utility>

#include "dht/quic/node/client_usages.h"
#include "dht/quic/node/commands.h"
#include "dht/quic/node/exit_code.h"
#include "dht/quic/node/run.h"
#include "dht/quic/node/run_options.h"

namespace macula::dht::quic {

std::vector<Command> commands() {
  const auto client = [](const char* name) { return manual_of(client_usage(name)); };
  return {{run_manual(), run_node},           {client("health"), run_health},
          {client("ping"), run_ping},         {client("store"), run_store},
          {client("find"), run_find},         {client("advertise"), run_advertise},
          {client("discover"), run_discover}, {client("call"), run_call}};
}

ProgramManual node_manual() {
  ProgramManual manual;
  manual.name = "macula-node";
  manual.summary = "a node of the Macula DHT, and clients that ask one";
  manual.about = "Runs a node of the DHT over QUIC, or asks a running one.\n";
  for (Command& command : commands()) manual.commands.push_back(std::move(command.manual));
  manual.exit_codes = {{kDone, "Done."},
                       {kFailed, "Timeout, not found, refused or unreachable."},
                       {kBadInput, "Bad input, wrong usage, or a place that cannot be used."}};
  return manual;
}

}  // namespace macula::dht::quic
