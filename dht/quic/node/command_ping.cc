// `macula-node ping` and `macula-node health`: does a node answer, and how soon.

#include <fmt/format.h>

#include "dht/quic/node/client.h"
#include "dht/quic/node/client_usages.h"
#include "dht/quic/node/commands.h"

namespace macula::dht::quic {
namespace {

void ping(Client& client, const char* status, const char* format) {
  client.node().ping(
      client.via(), client.left(), [&client, status, format](const PingResult& result) {
        const Contact peer = client.contact(client.via());
        if (!result.answered) {
          client.fail(failure_name(result.failure),
                      "no PONG from " + format_endpoint(peer.endpoint));
          return;
        }
        client.done({{"status", status},
                     {"node_id", id_to_hex(peer.id)},
                     {"endpoint", format_endpoint(peer.endpoint)},
                     {"round_trip_ms", milliseconds(result.elapsed)}},
                    fmt::format(fmt::runtime(format), id_to_hex(peer.id),
                                format_endpoint(peer.endpoint), milliseconds_text(result.elapsed)));
      });
}

}  // namespace

int run_ping(const std::vector<std::string>& arguments) {
  return run_client(client_usage("ping"), arguments,
                    [](Client& client) { ping(client, "answered", "pong from {} at {}: {}"); });
}

int run_health(const std::vector<std::string>& arguments) {
  return run_client(client_usage("health"), arguments,
                    [](Client& client) { ping(client, "healthy", "healthy: {} at {}, {}"); });
}

}  // namespace macula::dht::quic
