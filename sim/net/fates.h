// What becomes of the packets of the virtual network: whether each is cut off or lost, and how
// long it takes (sim/net/partitions.h, sim/net/link.h).
#pragma once

#include "sim/net/quic_model.h"
#include "sim/net/virtual_host.h"
#include "sim/net/virtual_network.h"

namespace macula::sim {

// Of all its datagrams; of several copies the first that arrives counts.
template <typename M, transport::Codec<M> C, typename B>
Fate VirtualNetwork<M, C, B>::message_fate(const Exchange& exchange, unsigned copies) {
  const NodeNumber from = sender(exchange);
  const NodeNumber to = receiver(exchange);
  Fate best{Duration{0}, true, Duration{0}};
  for (unsigned i = 0; i < copies; ++i) {
    const Fate fate =
        packet_fate(from, to, copies > 1 ? quic_model::kDatagram : wire_bytes(exchange.unsent));
    if (!fate.lost && (best.lost || fate.delay < best.delay)) best = fate;
    if (best.lost) best.cut = fate.cut;
  }
  return best;
}

template <typename M, transport::Codec<M> C, typename B>
Fate VirtualNetwork<M, C, B>::packet_fate(NodeNumber from, NodeNumber to, std::size_t bytes) {
  if (partitions_.stop(from, to)) return {Duration{0}, true, Duration{0}, true};
  return links_.fate(from, to, now_, bytes);
}

}  // namespace macula::sim
