// A message's way through the virtual network: connection, packets, hand-over, answer. What is lost
// goes on in recovering.h, what is too much at once in sending.h, what needs a connection in
// dialling.h.
#pragma once

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "sim/net/handle.h"
#include "sim/net/quic_model.h"
#include "sim/net/virtual_host.h"
#include "sim/net/virtual_network.h"

namespace macula::sim {

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::dispatch(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  if (options_.warm_connections) {
    submit(slot);
    return;
  }
  const std::uint32_t connection = connection_of({exchange.from, exchange.from_life}, exchange.to);
  if (connection != kNoSlot) {
    exchange.connection = connection;
    submit(slot);
  } else {
    wait_for_connection(slot);
  }
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

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::submit(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  if (exchange.connection == kNoSlot && exchange.unsent > quic_model::kInitialWindow) {
    exchange.connection = warm_connection(exchange);
  }
  if (exchange.connection == kNoSlot || !waits_for_window(slot)) transmit(slot);
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

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::transmit(std::uint32_t slot, unsigned copies) {
  Exchange& exchange = exchanges_[slot];
  const NodeNumber from = sender(exchange);
  const NodeNumber to = receiver(exchange);
  exchange.sent = now_;
  // One stands for all where they fare alike.
  const bool single = copies == 1 && (exchange.unsent <= kRoom || links_.is_certain(from, to));
  Fate fate = single ? packet_fate(from, to, exchange.unsent + quic_model::kDatagramOverhead)
                     : message_fate(exchange, copies);
  if (exchange.connection != kNoSlot && !keep_pace(slot, fate)) return;
  if (fate.lost) {
    lose(slot);
    return;
  }
  // No probe leaves sooner than that.
  if (fate.over > quic_model::kGranularity + quic_model::kMaxAckDelay && links_.jitters(from, to)) {
    fate.delay = std::min(fate.delay, probed_delay(exchange));
  }
  const Time arrival = now_ + fate.delay;
  const bool answers = is_awaited(exchange) && exchange.stage == Exchange::Stage::inbound;
  if (answers && arrival > exchange.give_up) {
    strand(slot);  // it comes too late for anyone
    return;
  }
  move_on(arrival, slot, Tag::arrive);
}

// Of all its datagrams; of several copies the first that arrives counts.
template <typename M, transport::Codec<M> C, typename B>
Fate VirtualNetwork<M, C, B>::message_fate(const Exchange& exchange, unsigned copies) {
  const NodeNumber from = sender(exchange);
  const NodeNumber to = receiver(exchange);
  Fate best{Duration{0}, true, Duration{0}};
  for (unsigned i = 0; i < copies; ++i) {
    std::size_t bytes = copies > 1 ? quic_model::kDatagram : wire_bytes(exchange.unsent);
    Fate fate = packet_fate(from, to, bytes);
    while (bytes > quic_model::kDatagram && !fate.lost) {
      bytes -= quic_model::kDatagram;
      const Fate next = packet_fate(from, to, bytes);
      fate = {std::max(fate.delay, next.delay), next.lost, std::max(fate.over, next.over)};
    }
    if (!fate.lost && (best.lost || fate.delay < best.delay)) best = fate;
  }
  return best;
}

template <typename M, transport::Codec<M> C, typename B>
Fate VirtualNetwork<M, C, B>::packet_fate(NodeNumber from, NodeNumber to, std::size_t bytes) {
  if (partitions_.stop(from, to)) return {Duration{0}, true, Duration{0}};
  return links_.fate(from, to, now_, bytes);
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::arrive(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  const NodeNumber to = receiver(exchange);
  Node& node = nodes_[to];
  const bool on_one = travels_on_one(exchange);
  const bool known = on_one && connections_[exchange.connection].belongs_to({to, node.life});
  if (exchange.stage == Exchange::Stage::inbound && node.life != exchange.from_life) {
    if (node.guest == nullptr) ++node.packets_missed;
    forget(slot);
  } else if (node.guest == nullptr) {
    ++node.packets_missed;
    lose(slot);
  } else if (exchange.kind == Exchange::Kind::handshake &&
             exchange.stage != Exchange::Stage::confirming) {
    hand_over(slot);
  } else if (!options_.warm_connections && !known) {
    if (exchange.stage == Exchange::Stage::inbound) {
      strand(slot);
    } else {
      meet_stranger(slot);
    }
  } else if (exchange.abandoned && on_one && !known) {
    strand(slot);  // it was written to a former life, and nobody waits for it
  } else {
    if (!on_one) exchange.connection = kNoSlot;
    heard(exchange);
    if (node.activation > Duration{0} && is_for_guest(exchange)) {
      move_on(now_ + links_.draw(to, now_, node.activation), slot, Tag::hand_over);
    } else {
      hand_over(slot);
    }
  }
}

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

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::hand_over(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  exchange.in_flight = false;
  Node& node = nodes_[receiver(exchange)];
  if (node.guest == nullptr) ++node.packets_missed;
  if (exchange.stage == Exchange::Stage::inbound && node.life != exchange.from_life) {
    exchanges_.release(slot);  // the asker is gone
    return;
  }
  if (node.guest == nullptr) {  // it crashed while the message waited for it
    lose(slot);
    return;
  }
  switch (exchange.kind) {
    case Exchange::Kind::handshake:
      finish_handshake(slot);
      break;
    case Exchange::Kind::keepalive:
      exchanges_.release(slot);
      break;
    case Exchange::Kind::meeting:
      hand_over_meeting(slot, node);
      break;
    case Exchange::Kind::one_way: {
      M message = std::move(exchange.message);
      record(EventKind::message, exchange, message);
      const transport::Sender from = sender_of(exchange);
      exchanges_.release(slot);
      node.guest->on_message(from, message);
      break;
    }
    case Exchange::Kind::request:
      if (exchange.stage == Exchange::Stage::inbound) {
        hand_over_reply(slot);
      } else {
        hand_over_request(slot, node);
      }
  }
}

// A client tells no contact; its connection proves its id all the same.
template <typename M, transport::Codec<M> C, typename B>
transport::Sender VirtualNetwork<M, C, B>::sender_of(const Exchange& exchange) const {
  return {exchange.from_contact, &book_->id(nodes_[exchange.from].contact)};
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::hand_over_request(std::uint32_t slot, Node& node) {
  Exchange& exchange = exchanges_[slot];
  const std::uint32_t generation = exchanges_.generation(slot);
  exchange.stage = Exchange::Stage::serving;
  exchange.to_life = node.life;
  M message = std::move(exchange.message);
  record(EventKind::request, exchange, message);
  const transport::InboundId id{make_handle(slot, generation)};
  node.guest->on_request(sender_of(exchange), id, message);
  if (is_stale(exchanges_, make_handle(slot, generation))) return;
  if (exchange.stage != Exchange::Stage::serving) return;  // answered at once
  if (exchange.abandoned) {
    exchanges_.release(slot);
  } else {
    ensure_outcome(slot);
  }
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::hand_over_reply(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  if (exchange.abandoned) {
    exchanges_.release(slot);
    return;
  }
  if (exchange.declined) {
    tell_failure(slot, transport::Failure::refused);
    return;
  }
  M message = std::move(exchange.message);
  record(EventKind::reply, exchange, message);
  transport::Guest<M>& guest = *nodes_[exchange.from].guest;
  const transport::Token token = exchange.token;
  exchanges_.release(slot);
  guest.on_reply(token, message);
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::tell_failure(std::uint32_t slot, transport::Failure failure) {
  const Exchange& exchange = exchanges_[slot];
  note(EventKind::failure, exchange.from, exchange.to, static_cast<std::uint64_t>(failure));
  transport::Guest<M>& guest = *nodes_[exchange.from].guest;
  const transport::Token token = exchange.token;
  exchanges_.release(slot);
  guest.on_failure(token, failure);
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::give_up(std::uint32_t slot) {
  const Exchange& exchange = exchanges_[slot];
  const bool meeting = exchange.kind == Exchange::Kind::meeting;
  const bool heard = is_awaited(exchange) && !exchange.abandoned &&
                     nodes_[exchange.from].guest != nullptr &&
                     nodes_[exchange.from].life == exchange.from_life;
  if (!heard) {
    abandon(slot);
    return;
  }
  const NodeNumber from = exchange.from;
  const NodeNumber to = exchange.to;
  const transport::Token token = exchange.token;
  const transport::Failure failure =
      exchange.refused ? transport::Failure::refused : transport::Failure::timeout;
  doubt(exchange);
  abandon(slot);
  note(EventKind::failure, from, to, static_cast<std::uint64_t>(failure));
  if (meeting) {
    nodes_[from].guest->on_met(token, transport::kNoPeer);
  } else {
    nodes_[from].guest->on_failure(token, failure);
  }
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::fire(std::uint32_t slot) {
  const Timer timer = timers_[slot];
  timers_.release(slot);
  if (nodes_[timer.node].life != timer.life) return;
  note(EventKind::timer, timer.node, kNoNode, timer.token);
  nodes_[timer.node].guest->on_timer(timer.token);
}

}  // namespace macula::sim
