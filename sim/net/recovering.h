// How the virtual network makes up for lost packets: see sim/net/recovery.h.
#pragma once

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"
#include "sim/net/connections.h"
#include "sim/net/quic_model.h"
#include "sim/net/virtual_host.h"
#include "sim/net/virtual_network.h"

namespace macula::sim {

// Whoever sends it goes on sending it while its connection lives.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::lose(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  if (exchange.kind == Exchange::Kind::handshake && exchange.stage != Exchange::Stage::confirming) {
    lose_handshake(slot);
    return;
  }
  const NodeNumber from = sender(exchange);
  const bool inbound = exchange.stage == Exchange::Stage::inbound;
  const LivingNode end{from, inbound ? exchange.to_life : exchange.from_life};
  const bool gone = nodes_[from].life != end.life || (inbound && exchange.abandoned);
  if (options_.warm_connections && !gone) {
    exchange.connection = warm_connection(exchange);
  }
  if (gone) {
    strand(slot);
    return;
  }
  if (!is_known(exchange, end)) {
    dispatch_again(slot);
    return;
  }
  Connection& connection = connections_[exchange.connection];
  const unsigned side = connection.side(from);
  Trouble& trouble = connections_.trouble(exchange.connection);
  Recovery& recovery = trouble.recovery[side];
  // Nothing else is under way: what was not heard of before has come since.
  if (exchange.attempts == 0 && trouble.recovery[0].lost.empty() &&
      trouble.recovery[1].lost.empty()) {
    for (Recovery& each : trouble.recovery) each.quiet = kTimeMax;
    recovery.probes = 0;
  }
  if (exchange.attempts < 0xff) ++exchange.attempts;
  if ((is_awaited(exchange) || exchange.kind == Exchange::Kind::one_way) && !exchange.abandoned) {
    ensure_outcome(slot);
  }
  exchange.in_flight = true;
  if (exchange.stage == Exchange::Stage::confirming) {
    push_front(exchanges_, recovery.lost, slot);
    // The other end sends its flight again meanwhile, and this one measures that.
    if (exchange.attempts > 1) connection.samples[side] += 2;
  } else {
    push_back(exchanges_, recovery.lost, slot);
  }
  recovery.last_sent = std::max(recovery.last_sent, exchange.sent);
  for (Recovery& each : trouble.recovery) each.quiet = std::min(each.quiet, exchange.sent);
  arm(exchange.connection);
}

// A packet has come in: its sender learns so, and with it what it had sent before.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::heard_on_connection(const Exchange& exchange) {
  Connection& connection = connections_[exchange.connection];
  const NodeNumber from = sender(exchange);
  const unsigned side = connection.side(from);
  connection.measure(side, 1);
  Trouble* trouble = connections_.trouble_if_any(exchange.connection);
  if (trouble == nullptr) return;
  if (exchange.stage == Exchange::Stage::inbound && !exchange.abandoned) close_stream(exchange);
  Recovery& recovery = trouble->recovery[side];
  trouble->recovery[1 - side].quiet = kTimeMax;
  if (recovery.lost.empty() && recovery.quiet == kTimeMax) return;
  const Fate ack = packet_fate(receiver(exchange), from, kAckBytes);
  if (ack.lost) return;
  recovery.acks.push_back({now_ + ack.delay, {exchange.sent, exchange.number}, exchange.second});
  arm(exchange.connection);
}

// Whether the first of what is lost is the third flight of the handshake.
template <typename M, transport::Codec<M> C, typename B>
bool VirtualNetwork<M, C, B>::confirms(const Recovery& recovery) const {
  return !recovery.lost.empty() &&
         exchanges_[recovery.lost.first].stage == Exchange::Stage::confirming;
}

template <typename M, transport::Codec<M> C, typename B>
Duration VirtualNetwork<M, C, B>::probe_after(std::uint32_t slot, unsigned side) {
  const Connection& connection = connections_[slot];
  const Duration once = probe_timeout(round_trip(connection), connection.samples[side]);
  const Recovery& recovery = connections_.trouble(slot).recovery[side];
  // The end of a handshake is acknowledged without delay.
  const Duration off = confirms(recovery) ? quic_model::kMaxAckDelay : Duration{0};
  return (once - off) * (1 << std::min(recovery.probes, quic_model::kMostDoublings));
}

// When the next of what goes on about a connection is due.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::arm(std::uint32_t slot) {
  Trouble& trouble = connections_.trouble(slot);
  Time next = kTimeMax;
  for (unsigned side = 0; side < 2; ++side) {
    const Recovery& recovery = trouble.recovery[side];
    for (const Recovery::Ack& ack : recovery.acks) next = std::min(next, ack.at);
    if (trouble.windows[side] != nullptr) next = std::min(next, next_of(slot, side));
    if (recovery.lost.empty()) continue;
    next = std::min(next, recovery.last_sent + probe_after(slot, side));
  }
  if (trouble.owes(0) || trouble.owes(1)) {
    for (const Recovery& recovery : trouble.recovery) {
      if (recovery.quiet == kTimeMax) continue;
      next = std::min(next, recovery.quiet + quic_model::kIdleTimeout);
    }
  }
  if (next >= trouble.wake) return;
  trouble.wake = std::max(next, now_);
  push(trouble.wake, slot, Tag::connection, connections_.generation(slot));
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::on_connection_due(std::uint32_t slot) {
  const std::uint32_t generation = connections_.generation(slot);
  const auto gone = [&] {
    return connections_.generation(slot) != generation || connections_[slot].trouble == kNoSlot;
  };
  if (gone() || connections_.trouble(slot).wake != now_) return;
  connections_.trouble(slot).wake = kTimeMax;
  for (unsigned side = 0; side < 2; ++side) {
    const Connection::End& end = connections_[slot].ends[side];
    if (nodes_[end.node].life != end.life) {
      forget_what_is_lost(slot, side);
      continue;
    }
    take_acks(slot, side);
    if (gone()) return;
    send_on(slot, side);
    if (gone()) return;
    probe(slot, side);
    if (gone()) return;
  }
  const std::array<bool, 2> idle{is_idle(slot, 0), is_idle(slot, 1)};
  for (unsigned side = 0; side < 2; ++side) {
    if (!idle[side]) continue;
    end_idle(slot, side);
    if (gone()) return;
  }
  const Trouble& trouble = connections_.trouble(slot);
  const auto quiet = [&](unsigned side) {
    const Recovery& recovery = trouble.recovery[side];
    return recovery.lost.empty() && recovery.acks.empty() && recovery.quiet == kTimeMax &&
           trouble.windows[side] == nullptr;
  };
  if (quiet(0) && quiet(1)) {
    connections_.end_trouble(slot);
  } else {
    arm(slot);
  }
}

// The node that would send it again is no more.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::forget_what_is_lost(std::uint32_t slot, unsigned side) {
  Trouble& trouble = connections_.trouble(slot);
  MessageList lost = std::exchange(trouble.recovery[side], {}).lost;
  while (!lost.empty()) strand(pop_front(exchanges_, lost));
  const auto window = std::move(trouble.windows[side]);
  if (window == nullptr) return;
  for (MessageList* list : {&window->line, &window->held, &window->unopened}) {
    while (!list->empty()) strand(pop_front(exchanges_, *list));
  }
}

// A packet sent before one that the peer has is lost, once it is old enough, and goes again.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::take_acks(std::uint32_t slot, unsigned side) {
  Connection& connection = connections_[slot];
  Recovery& recovery = connections_.trouble(slot).recovery[side];
  // Packets sent before have come or are lost.
  std::array<Recovery::Place, 2> known{{{Time::min(), 0}, {Time::min(), 0}}};
  bool any = false;
  auto& acks = recovery.acks;
  for (std::size_t i = 0; i < acks.size();) {
    if (acks[i].at > now_) {
      ++i;
      continue;
    }
    any = true;
    Recovery::Place& until = known[acks[i].second ? 1 : 0];
    until = std::max(until, acks[i].packet);
    acks.erase(acks.begin() + static_cast<std::ptrdiff_t>(i));
  }
  if (!any) return;
  Window* const window = connections_.trouble(slot).windows[side].get();
  if (window != nullptr && std::exchange(window->blocked, false)) window->shrink(now_, now_);
  recovery.quiet = kTimeMax;
  recovery.probes = 0;
  if (recovery.lost.empty()) return;
  const Duration old = loss_delay(round_trip(connection));
  MessageList lost = std::exchange(recovery.lost, {});
  MessageList due;
  while (!lost.empty()) {
    const std::uint32_t message = pop_front(exchanges_, lost);
    const Exchange& exchange = exchanges_[message];
    const Time sent = exchange.sent;
    const Recovery::Place until = known[exchange.second ? 1 : 0];
    const bool before = Recovery::Place{sent, exchange.number} < until;
    const bool is_due = before && now_ >= sent + old;
    if (before && !is_due) recovery.look_again({sent + old, until, exchange.second});
    push_back(exchanges_, is_due ? due : recovery.lost, message);
  }
  if (!due.empty()) connection.ends[side].pace.shrink();
  // The timer of what went with a handshake is due as soon as that is known to have arrived.
  const unsigned copies = connection.samples[side] <= 1 ? quic_model::kProbePackets : 1;
  while (!due.empty()) send_again(pop_front(exchanges_, due), copies);
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::send_again(std::uint32_t slot, unsigned copies) {
  Exchange& exchange = exchanges_[slot];
  log_.note(now_, EventKind::retransmit, sender(exchange), receiver(exchange), exchange.attempts,
            origins_.of(slot));
  transmit(slot, copies);
}

// Two packets: the first two that are lost, or one of them twice. Those of a handshake go first,
// and nothing else before it is known to have arrived (RFC 9002, 6.2.1).
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::probe(std::uint32_t slot, unsigned side) {
  Recovery& recovery = connections_.trouble(slot).recovery[side];
  if (recovery.lost.empty()) return;
  if (now_ < recovery.last_sent + probe_after(slot, side)) return;
  ++recovery.probes;
  recovery.last_sent = now_;
  const bool alone = confirms(recovery);
  const std::uint32_t first = pop_front(exchanges_, recovery.lost);
  if (alone || recovery.lost.empty()) {
    send_again(first, alone ? 1 : quic_model::kProbePackets);
    return;
  }
  const std::uint32_t second = pop_front(exchanges_, recovery.lost);
  send_again(first, 1);
  send_again(second, 1);
}

// A packet may come so late that the probes for it are there before.
template <typename M, transport::Codec<M> C, typename B>
Duration VirtualNetwork<M, C, B>::probed_delay(const Exchange& exchange) const {
  const NodeNumber from = sender(exchange);
  const NodeNumber to = receiver(exchange);
  const unsigned samples =
      exchange.connection != kNoSlot
          ? connections_[exchange.connection].samples[connections_[exchange.connection].side(from)]
          : 0;
  const Duration timeout = probe_timeout(medium_.links().round_trip(from, to), samples);
  Duration best = Duration::max();
  for (unsigned copy = 0; copy < quic_model::kProbePackets; ++copy) {
    const Fate fate = medium_.links().probe_fate(from, to, now_ + timeout, copy);
    if (!fate.lost) best = std::min(best, timeout + fate.delay);
  }
  return best;
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::dispatch_again(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  exchange.in_flight = false;
  exchange.connection = kNoSlot;
  exchange.attempts = 0;
  exchange.second = false;
  const bool wanted = exchange.stage == Exchange::Stage::outbound && !exchange.abandoned &&
                      exchange.kind <= Exchange::Kind::meeting &&
                      nodes_[exchange.from].life == exchange.from_life;
  if (!wanted) {
    strand(slot);
    return;
  }
  exchange.unsent = static_cast<std::uint32_t>(codec_.size(exchange.message));
  dispatch(slot);
}

}  // namespace macula::sim
