// The connections of the virtual network, as its messages meet them, and how they end: see
// sim/net/connection_table.h.
#pragma once

#include <algorithm>
#include <utility>

#include "sim/net/quic_model.h"
#include "sim/net/virtual_host.h"
#include "sim/net/virtual_network.h"

namespace macula::sim {

inline constexpr std::size_t kAckBytes = 40;  // of an acknowledgement, and of a stateless reset

template <typename M, transport::Codec<M> C, typename B>
std::uint32_t VirtualNetwork<M, C, B>::connection_of(LivingNode from, NodeNumber to) const {
  const std::uint32_t slot = connections_.find(from.node, to);
  return slot != kNoSlot && connections_[slot].belongs_to(from) ? slot : kNoSlot;
}

template <typename M, transport::Codec<M> C, typename B>
bool VirtualNetwork<M, C, B>::is_on_its_connection(const Exchange& exchange) const {
  const std::uint32_t slot = exchange.connection;
  return connections_.live(slot) && connections_[slot].joins(exchange.from, exchange.to);
}

template <typename M, transport::Codec<M> C, typename B>
bool VirtualNetwork<M, C, B>::is_known(const Exchange& exchange, LivingNode end) const {
  return travels_on_one(exchange) && connections_[exchange.connection].belongs_to(end);
}

// Where all pairs have a connection from the start: the one on which it travels, made when first
// asked for. An end that was closed is open again. A node that is down had it in its former life.
template <typename M, transport::Codec<M> C, typename B>
std::uint32_t VirtualNetwork<M, C, B>::warm_connection(const Exchange& exchange) {
  std::uint32_t slot = connections_.find(exchange.from, exchange.to);
  if (slot == kNoSlot) {
    const std::uint32_t life = nodes_[exchange.to].life;
    const bool had = !up(exchange.to) && life > 0;
    slot =
        connections_.add({exchange.from, exchange.from_life}, {exchange.to, had ? life - 1 : life});
  }
  const bool inbound = exchange.stage == Exchange::Stage::inbound;
  Connection& connection = connections_[slot];
  connection.ends[connection.side(sender(exchange))].life =
      inbound ? exchange.to_life : exchange.from_life;
  return slot;
}

// A client tells no contact; its connection proves its id all the same.
template <typename M, transport::Codec<M> C, typename B>
transport::Sender VirtualNetwork<M, C, B>::sender_of(const Exchange& exchange) const {
  return {exchange.from_contact, &book_->id(nodes_[exchange.from].contact)};
}

// ----- the end of a connection -----

template <typename M, transport::Codec<M> C, typename B>
bool VirtualNetwork<M, C, B>::is_idle(std::uint32_t slot, unsigned side) {
  const Trouble& trouble = connections_.trouble(slot);
  const Connection::End& end = connections_[slot].ends[side];
  const Time quiet = trouble.recovery[side].quiet;
  if (nodes_[end.node].life != end.life) return false;
  if (!trouble.owes(0) && !trouble.owes(1)) return false;
  return quiet != kTimeMax && now_ >= quiet + quic_model::kIdleTimeout;
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::end_idle(std::uint32_t slot, unsigned side) {
  MessageList again = close_end(slot, side, /*once_more=*/false);
  while (!again.empty()) dispatch_again(pop_front(exchanges_, again));
}

// The end of one side; of the connection, when the other is closed as well. Returns what is to be
// sent again: requests; and if nobody alive can have got them, one-way messages.
template <typename M, transport::Codec<M> C, typename B>
MessageList VirtualNetwork<M, C, B>::close_end(std::uint32_t slot, unsigned side, bool once_more) {
  Connection& connection = connections_[slot];
  const LivingNode end{connection.ends[side].node, connection.ends[side].life};
  const NodeNumber peer = connection.ends[1 - side].node;
  connection.ends[side].life = kClosedLife;
  MessageList again;
  const auto take = [&](MessageList list) {
    while (!list.empty()) {
      const std::uint32_t message = pop_front(exchanges_, list);
      if (is_awaited(exchanges_[message]) || once_more) {
        push_back(exchanges_, again, message);
      } else {
        strand(message);
      }
    }
  };
  if (Trouble* trouble = connections_.trouble_if_any(slot)) {
    trouble->recovery[side].quiet = kTimeMax;
    take(std::exchange(trouble->recovery[side].lost, {}));
    if (auto window = std::move(trouble->windows[side])) {
      take(window->line);
      take(window->held);
      take(window->unopened);
    }
  }
  if (connection.ends[1 - side].life == kClosedLife) connections_.remove(slot);
  // A node behind a gateway is reached over the connection it has made, or not at all.
  if (nodes_[end.node].life == end.life && up(end.node) && is_gateway_of(peer, end.node)) {
    start_dial(dial_of(end, peer));
  }
  return again;
}

template <typename M, transport::Codec<M> C, typename B>
MessageList VirtualNetwork<M, C, B>::end_connection(std::uint32_t slot) {
  MessageList both;
  const std::uint32_t generation = connections_.generation(slot);
  for (unsigned side = 0; side < 2; ++side) {
    if (connections_.generation(slot) != generation) break;
    MessageList again = close_end(slot, side, /*once_more=*/true);
    while (!again.empty()) push_back(exchanges_, both, pop_front(exchanges_, again));
  }
  return both;
}

// The receiver knows no such connection: it answers with a stateless reset (RFC 9000, section
// 10.3), upon which the sender connects anew. A node that has dialled in its former life cannot:
// its first connection id has no token.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::meet_stranger(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  const NodeNumber to = exchange.to;
  if (!is_known(exchange, {exchange.from, exchange.from_life})) {
    dispatch_again(slot);
    return;
  }
  const Connection& connection = connections_[exchange.connection];
  const bool silent = connection.dialler == connection.side(to) &&
                      connection.ends[connection.side(to)].life != kClosedLife;
  const Fate reset = packet_fate(to, exchange.from, kAckBytes);
  if (silent || reset.lost) {
    lose(slot);
  } else {
    move_on(now_ + reset.delay, slot, Tag::reset);
  }
}

// An answer has come for an asker that is no more. Whoever has sent it learns as little as of any
// other packet that is lost.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::miss_asker(std::uint32_t slot) {
  const Exchange& answer = exchanges_[slot];
  const LivingNode from{answer.to, answer.to_life};
  if (nodes_[from.node].life != from.life || !is_known(answer, from)) return;
  lose_packet(answer.connection, from.node, answer.sent);
}

// Something that an end has sent, and nobody waits for, has come to nobody.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::lose_packet(std::uint32_t connection, NodeNumber from, Time sent) {
  const std::uint32_t packet = new_keepalive(connection, from);
  exchanges_[packet].sent = sent;
  lose(packet);
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::take_reset(std::uint32_t slot) {
  const Exchange& exchange = exchanges_[slot];
  MessageList again;
  if (is_known(exchange, {exchange.from, exchange.from_life})) {
    again = end_connection(exchange.connection);
  }
  dispatch_again(slot);
  while (!again.empty()) dispatch_again(pop_front(exchanges_, again));
}

}  // namespace macula::sim
