// All connections, by their two nodes.
//
//   std::uint32_t slot = table.find(a, b);       // kNoSlot: none
//   slot = table.add({a, life}, {b, life});      // a has dialled b
//   table[slot].ends[table[slot].side(a)];
//
// There is at most one of each pair: of two handshakes that cross, the first to end makes it.
#pragma once

#include <cstdint>

#include "sim/engine/slab.h"
#include "sim/net/connection.h"
#include "sim/net/pair_index.h"

namespace macula::sim {

class ConnectionTable {
 public:
  [[nodiscard]] std::uint32_t find(NodeNumber a, NodeNumber b) const;
  // Starts loading what tells whether there is one.
  void prefetch(NodeNumber a, NodeNumber b) const { index_.prefetch(key(a, b)); }
  // There is none yet.
  std::uint32_t add(LivingNode dialler, LivingNode other);
  // Nothing is lost or waits on it.
  void remove(std::uint32_t slot);

  [[nodiscard]] Connection& operator[](std::uint32_t slot) { return connections_[slot]; }
  [[nodiscard]] const Connection& operator[](std::uint32_t slot) const {
    return connections_[slot];
  }
  [[nodiscard]] std::uint32_t generation(std::uint32_t slot) const {
    return connections_.generation(slot);
  }
  void prefetch(std::uint32_t slot) const { connections_.prefetch(slot); }
  [[nodiscard]] bool live(std::uint32_t slot) const { return connections_.live(slot); }

  // The lost and waiting packets of a connection; made when first asked for.
  [[nodiscard]] Trouble& trouble(std::uint32_t slot);
  [[nodiscard]] Trouble* trouble_if_any(std::uint32_t slot) {
    const std::uint32_t trouble = connections_[slot].trouble;
    return trouble != kNoSlot ? &troubles_[trouble] : nullptr;
  }
  void end_trouble(std::uint32_t slot);

 private:
  static std::uint64_t key(NodeNumber a, NodeNumber b) {
    return a < b ? std::uint64_t{a} << 32 | b : std::uint64_t{b} << 32 | a;
  }

  Slab<Connection> connections_;
  Slab<Trouble> troubles_;
  PairIndex index_;
};

}  // namespace macula::sim
