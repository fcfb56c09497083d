// The connections of the virtual network on which nobody speaks: see sim/net/silences.h.
#pragma once

#include <algorithm>
#include <vector>

#include "base/check.h"
#include "sim/net/connections.h"
#include "sim/net/quic_model.h"
#include "sim/net/recovery.h"
#include "sim/net/virtual_host.h"
#include "sim/net/virtual_network.h"

namespace macula::sim {

// Nobody has spoken for a while: what keepalives have found out and measured meanwhile. False: the
// connection has ended. Where something is under way, that finds out by itself.
template <typename M, transport::Codec<M> C, typename B>
bool VirtualNetwork<M, C, B>::look_after(std::uint32_t slot, LivingNode from) {
  Connection& connection = connections_[slot];
  const Time spoken = connection.spoken(now_);
  const std::int64_t answered = (now_ - spoken) / quic_model::kKeepalive;
  for (const unsigned end : {0U, 1U}) connection.measure(end, answered);
  const Trouble* trouble = connections_.trouble_if_any(slot);
  if (trouble != nullptr && (trouble->owes(0) || trouble->owes(1))) return true;
  const unsigned side = connection.side(from.node);
  const NodeNumber to = connection.ends[1 - side].node;
  const std::vector<Silence> silences = silences_.between(from.node, to, spoken);
  if (silences.empty()) return true;
  const RoundTrip path = round_trip(connection);
  // As in meet_stranger.
  const bool resets = connection.dialler == side;
  const KeptAlive kept = kept_alive(
      {spoken, now_, path.mean, probe_timeout(path, connection.samples[side]), resets}, silences);
  if (kept.state == KeptAlive::State::alive) return true;
  if (kept.state == KeptAlive::State::asking) {
    go_on_asking(slot, side, kept);
    return true;
  }
  const MessageList again = end_connection(slot);
  MACULA_CHECK(again.empty());
  return false;
}

// A keepalive that nobody answers is under way, with all that its end has done about it so far.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::go_on_asking(std::uint32_t slot, unsigned side,
                                           const KeptAlive& kept) {
  lose_packet(slot, connections_[slot].ends[side].node, kept.since);
  Recovery& recovery = connections_.trouble(slot).recovery[side];
  recovery.probes = kept.probes;
  recovery.last_sent = kept.last_sent;
}

// The keepalive of an end of a connection.
template <typename M, transport::Codec<M> C, typename B>
std::uint32_t VirtualNetwork<M, C, B>::new_keepalive(std::uint32_t connection, NodeNumber from) {
  const Connection& on = connections_[connection];
  const NodeNumber to = on.ends[1 - on.side(from)].node;
  const std::uint32_t packet =
      new_exchange(Exchange::Kind::keepalive, from, to, quic_model::kOneWayPatience);
  exchanges_[packet].connection = connection;
  return packet;
}

// A node behind `gateway` does something of its own accord when its connection has ended.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::keep_alive(NodeNumber gateway) {
  for (const NodeNumber node : relayed_) {
    if (!up(node) || !is_gateway_of(gateway, node)) continue;
    const std::uint32_t slot = connection_of({node, nodes_[node].life}, gateway);
    if (slot == kNoSlot) continue;
    const std::uint32_t probe = new_keepalive(slot, node);
    const auto& ends = connections_[slot].ends;
    const std::uint32_t last = std::max(ends[0].pace.round, ends[1].pace.round);
    const Time spoken = Pace::time_of(last);
    Time next = spoken + quic_model::kKeepalive;
    while (next < now_) next += quic_model::kKeepalive;
    move_on(next, probe, Tag::keepalive);
  }
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::send_keepalive(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  exchange.in_flight = false;
  if (is_known(exchange, {exchange.from, exchange.from_life})) {
    transmit(slot);
  } else {
    exchanges_.release(slot);
  }
}

}  // namespace macula::sim
