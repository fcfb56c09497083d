#include "dht/quic/node/client_usages.h"

#include "base/check.h"

namespace macula::dht::quic {

const std::vector<ClientUsage>& client_usages() {
  static const std::vector<ClientUsage> usages{
      {"health", "",
       "Says whether the node answers over QUIC: one PING. What a node says of itself it serves "
       "over\n"
       "HTTP, under /health.\n",
       false, "say whether a node answers"},
      {"ping", "", "Connects to the node, sends one PING, and prints its round trip.\n", false,
       "ask a node for a PONG"},
      {"store", "KEY VALUE",
       "Stores a text under a key, at the nodes closest to it, and reads it back from one of "
       "them.\n"
       "A key is any text, or 0x and 64 hex digits for the 32 bytes themselves. The value "
       "replaces\n"
       "what was stored under the key before.\n",
       false, "store a value under a key"},
      {"find", "KEY", "Prints the values stored under a key (see 'store'), a line each.\n", false,
       "print the values under a key"},
      {"advertise", "PROC",
       "Provides a procedure until a signal ends it: tells the network where it is to be called,\n"
       "tells again before that is out of date, and takes it back at its end. Each call runs CMD "
       "in a shell, with the\n"
       "arguments as JSON on its standard input; what it writes to its standard output, JSON too, "
       "is\n"
       "the result. Ends CMD with another code than 0, the caller gets the error `failed`. "
       "Without\n"
       "--exec the procedure is found but each call gets the error `not_served`.\n",
       true, "provide a procedure, by a shell command"},
      {"discover", "PROC", "Prints who provides a procedure, a line each: node id and endpoint.\n",
       false, "print who provides a procedure"},
      {"call", "PROC JSON",
       "Calls a procedure with these arguments, at one of its providers, and prints the result.\n",
       false, "call a procedure"},
  };
  return usages;
}

const ClientUsage& client_usage(std::string_view name) {
  for (const ClientUsage& usage : client_usages()) {
    if (usage.name == name) return usage;
  }
  check_failed("a known client", __FILE__, __LINE__);
}

}  // namespace macula::dht::quic
