// Which pairs of nodes have a connection, and which messages wait for one.
//
// A connection belongs to the lives of both its ends: when one restarts, it is gone. One connection
// serves both directions; of two handshakes that cross, the first to end makes it.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "sim/net/link.h"

namespace macula::sim {

// A node and which of its lives: a restart begins a new one.
struct LivingNode {
  NodeNumber node;
  std::uint32_t life;

  friend bool operator==(const LivingNode& a, const LivingNode& b) {
    return a.node == b.node && a.life == b.life;
  }
};

class ConnectionTable {
 public:
  enum class State : std::uint8_t {
    none,         // dial
    dialling,     // wait
    established,  // send; the peer may have restarted without this end knowing
  };

  // As `from` sees it.
  [[nodiscard]] State state(LivingNode from, NodeNumber to) const;
  // Whether the established connection belongs to the peer's present life.
  [[nodiscard]] bool peer_knows(NodeNumber from, LivingNode to) const;

  void dial(LivingNode from, NodeNumber to);
  // Queues what `from` sends to `to`, by a handle of the network's, until the handshake ends.
  void wait(LivingNode from, NodeNumber to, std::uint64_t message);
  // The handshake has ended; returns what waited for it at `from`.
  std::vector<std::uint64_t> establish(LivingNode from, LivingNode to);
  // The handshake that `from` has dialled failed; returns what waited for it. A connection that the
  // other end has made meanwhile stays.
  std::vector<std::uint64_t> fail(LivingNode from, NodeNumber to);
  // The connection turned out to be dead.
  void drop(NodeNumber from, NodeNumber to) { established_.erase(paired(from, to)); }

 private:
  // A dial is kept by direction, an established connection by pair.
  struct Dial {
    std::uint32_t life;
    std::vector<std::uint64_t> waiting;
  };
  struct Connection {
    std::uint32_t low_life;
    std::uint32_t high_life;
  };

  static std::uint64_t directed(NodeNumber from, NodeNumber to) {
    return std::uint64_t{from} << 32 | to;
  }
  static std::uint64_t paired(NodeNumber a, NodeNumber b) {
    return a < b ? directed(a, b) : directed(b, a);
  }
  [[nodiscard]] const Connection* find(NodeNumber a, NodeNumber b) const;

  // Looked up by key only, never walked through.
  std::unordered_map<std::uint64_t, Dial> dials_;
  std::unordered_map<std::uint64_t, Connection> established_;
};

}  // namespace macula::sim
