// The dials under way: from which node to which, and the messages that wait for each.
//
//   Dial& dial = dials.of(from, to);       // made when first asked for
//   dials.forget(from.node, to);
//
// A dial belongs to one life of its node. Dials that lead to nothing are followed by pauses that
// double; what waits rides on the next.
#pragma once

#include <cstdint>

#include "sim/engine/slab.h"
#include "sim/net/connection.h"
#include "sim/net/message_list.h"
#include "sim/net/pair_index.h"

namespace macula::sim {

struct Dial {
  enum class Phase : std::uint8_t {
    dialling,  // its handshake goes on
    pausing,   // until the next may begin
    resting,   // nothing waits; it is remembered how many have failed
    awaiting,  // the peer has to dial: it is behind this node
  };

  NodeNumber from = kNoNode;
  NodeNumber to = kNoNode;
  std::uint32_t life = 0;  // of `from`
  std::uint32_t failures = 0;
  Phase phase = Phase::resting;
  Time due{};  // when its pause, or its rest, ends
  MessageList waiting;
};

// How long to wait after so many failures, given 64 uniform bits.
[[nodiscard]] Duration dial_pause(std::uint32_t failures, std::uint64_t random);

class Dials {
 public:
  // kNoSlot if there is none, of any life.
  [[nodiscard]] std::uint32_t find(NodeNumber from, NodeNumber to) const;
  // Starts loading what tells whether there is one.
  void prefetch(NodeNumber from, NodeNumber to) const { index_.prefetch(key(from, to)); }
  // There is none yet.
  std::uint32_t add(LivingNode from, NodeNumber to);
  // Nothing waits for it.
  void remove(std::uint32_t slot);

  [[nodiscard]] Dial& operator[](std::uint32_t slot) { return dials_[slot]; }
  [[nodiscard]] std::uint32_t generation(std::uint32_t slot) const {
    return dials_.generation(slot);
  }
  [[nodiscard]] bool live(std::uint32_t slot) const { return dials_.live(slot); }

 private:
  static std::uint64_t key(NodeNumber from, NodeNumber to) {
    return std::uint64_t{from} << 32 | to;
  }

  Slab<Dial> dials_;
  PairIndex index_;
};

}  // namespace macula::sim
