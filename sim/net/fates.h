// The fates of the packets of the virtual network: whether each is stopped or lost, and how long it
// takes (sim/net/medium.h).
#pragma once

#include "sim/net/quic_model.h"
#include "sim/net/virtual_host.h"
#include "sim/net/virtual_network.h"

namespace macula::sim {

// The fate of all its datagrams; or of several copies of one, the first of which to arrive counts.
template <typename M, transport::Codec<M> C, typename B>
Fate VirtualNetwork<M, C, B>::message_fate(const Exchange& exchange, unsigned copies) {
  const NodeNumber from = sender(exchange);
  const NodeNumber to = receiver(exchange);
  if (copies == 1) return packet_fate(from, to, wire_bytes(exchange.unsent));
  Fate best{Duration{0}, true, Duration{0}};
  for (unsigned i = 0; i < copies; ++i) {
    const Fate fate = packet_fate(from, to, quic_model::kDatagram);
    if (!fate.lost && (best.lost || fate.delay < best.delay)) best = fate;
    if (best.lost) best.stopped = fate.stopped;
  }
  return best;
}

template <typename M, transport::Codec<M> C, typename B>
Fate VirtualNetwork<M, C, B>::packet_fate(NodeNumber from, NodeNumber to, std::size_t bytes) {
  return medium_.shared_fate({from, to, now_, bytes});
}

}  // namespace macula::sim
