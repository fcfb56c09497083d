// The fates of the packets of the virtual network: whether each is cut off or lost, and how long it
// takes (sim/net/partitions.h, sim/net/link.h).
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
    if (best.lost) best.cut = fate.cut;
  }
  return best;
}

template <typename M, transport::Codec<M> C, typename B>
Fate VirtualNetwork<M, C, B>::packet_fate(NodeNumber from, NodeNumber to, std::size_t bytes) {
  if (partitions_.stop(from, to)) {
    constexpr std::uint32_t kAll = 0xffffffff;
    return {Duration{0}, true, Duration{0}, true, kAll};
  }
  return links_.fate(from, to, now_, bytes);
}

}  // namespace macula::sim
