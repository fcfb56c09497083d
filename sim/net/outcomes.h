// How a message's way through the virtual network ends, or goes on, where it does not by itself:
// its outcome at its timeout, a guest that wants nothing more, a message that nothing moves on.
#pragma once

#include <algorithm>

#include "sim/net/virtual_host.h"
#include "sim/net/virtual_network.h"

namespace macula::sim {

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::move_on(Time time, std::uint32_t slot, Tag tag) {
  Exchange& exchange = exchanges_[slot];
  // Its asker has given up before, whatever comes of it then.
  if (is_awaited(exchange) && !exchange.abandoned && time > exchange.give_up) ensure_outcome(slot);
  exchange.in_flight = true;
  push(time, slot, tag, exchanges_.generation(slot));
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::ensure_outcome(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  if (exchange.outcome_due) return;
  exchange.outcome_due = true;
  push(std::max(exchange.give_up, now_), slot, Tag::give_up, exchanges_.generation(slot));
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::give_up(std::uint32_t slot) {
  const Exchange& exchange = exchanges_[slot];
  const bool meeting = exchange.kind == Exchange::Kind::meeting;
  const bool heard = is_awaited(exchange) && !exchange.abandoned &&
                     nodes_[exchange.from].guest != nullptr &&
                     nodes_[exchange.from].life == exchange.from_life;
  if (!heard) {
    const bool lost = exchange.kind == Exchange::Kind::one_way && exchange.in_flight &&
                      nodes_[exchange.from].life == exchange.from_life;
    if (lost) doubt(exchange);
    abandon(slot);
    return;
  }
  const NodeNumber from = exchange.from;
  const NodeNumber to = exchange.to;
  const transport::Token token = exchange.token;
  const transport::Failure failure =
      exchange.refused ? transport::Failure::refused : transport::Failure::timeout;
  const Origin origin = origins_.of(slot);
  doubt(exchange);
  abandon(slot);
  note_failure(from, to, failure, origin);
  if (meeting) {
    nodes_[from].guest->on_met(token, transport::kNoPeer);
  } else {
    nodes_[from].guest->on_failure(token, failure);
  }
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::cancel(transport::RequestId request) {
  const auto handle = static_cast<std::uint64_t>(request);
  if (exchanges_.is_stale(handle)) return;
  tell(slot_of(handle), Passage::cancelled);
  abandon(slot_of(handle));
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::abandon(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  if (!exchange.abandoned) close_stream(exchange);
  // An exchange under way goes on, and one that waits in a line is found there.
  if (exchange.in_flight) {
    exchange.abandoned = true;
    exchange.give_up = std::min(exchange.give_up, now_);
  } else {
    exchanges_.release(slot);
  }
}

// Nothing moves it on any more: whoever awaits it learns so at its timeout.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::strand(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  exchange.in_flight = false;
  if (is_awaited(exchange) && !exchange.abandoned) {
    ensure_outcome(slot);
  } else {
    exchanges_.release(slot);
  }
}

}  // namespace macula::sim
