// Handshakes that have begun at nodes and are not through, as a QUIC server counts them: above so
// many, a client has to show first that it receives at its address (Retry, RFC 9000, 8.1.2).
//
//   HalfOpen half_open;
//   if (half_open.count(server, now) < quic_model::kRetryAbove) half_open.begin(server, client,
//   now); half_open.end(server, client);                      // its third flight has come
#pragma once

#include <cstddef>
#include <vector>

#include "base/time.h"
#include "sim/net/link.h"

namespace macula::sim {

class HalfOpen {
 public:
  void begin(NodeNumber server, NodeNumber client, Time now);
  // Nothing, where it has not begun or is forgotten.
  void end(NodeNumber server, NodeNumber client);
  // The server's life ends.
  void clear(NodeNumber server);
  // Those that began within the time that a handshake may take.
  [[nodiscard]] std::size_t count(NodeNumber server, Time now);

 private:
  struct Begun {
    NodeNumber client;
    Time at;
  };

  std::vector<std::vector<Begun>> by_server_;  // each in the order of their times
};

}  // namespace macula::sim
