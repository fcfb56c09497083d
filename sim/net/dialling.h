// How two nodes of the virtual network get a connection: three flights, in which the third carries
// the first messages; pauses after dials that lead to nothing; a node behind a gateway, which dials
// and is not dialled.
#pragma once

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "sim/net/quic_model.h"
#include "sim/net/virtual_host.h"
#include "sim/net/virtual_network.h"

namespace macula::sim {

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::wait_for_connection(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  ensure_outcome(slot);
  exchange.in_flight = true;
  const std::uint32_t dial = dial_of({exchange.from, exchange.from_life}, exchange.to);
  push_back(exchanges_, dials_[dial].waiting, slot);
  start_dial(dial);
}

template <typename M, transport::Codec<M> C, typename B>
std::uint32_t VirtualNetwork<M, C, B>::dial_of(LivingNode from, NodeNumber to) {
  const std::uint32_t known = dials_.find(from.node, to);
  if (known == kNoSlot) return dials_.add(from, to);
  if (dials_[known].life == from.life) return known;
  end_dial(known);  // of a former life
  return dials_.add(from, to);
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::end_dial(std::uint32_t slot) {
  MessageList waiting = std::exchange(dials_[slot].waiting, {});
  while (!waiting.empty()) strand(pop_front(exchanges_, waiting));
  dials_.remove(slot);
}

// Unless it goes on already, or has to wait.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::start_dial(std::uint32_t slot) {
  Dial& dial = dials_[slot];
  if (dial.phase != Dial::Phase::resting) return;
  if (is_gateway_of(dial.from, dial.to)) {
    dial.phase = Dial::Phase::awaiting;
    set_dial_timer(slot, quic_model::kOneWayPatience);
    return;
  }
  dial.phase = Dial::Phase::dialling;
  send_handshake(
      new_exchange(Exchange::Kind::handshake, dial.from, dial.to, quic_model::kHandshakeTimeout));
}

template <typename M, transport::Codec<M> C, typename B>
bool VirtualNetwork<M, C, B>::is_gateway_of(NodeNumber gateway, NodeNumber node) const {
  const transport::Peer contact = nodes_[node].contact;
  return book_->is_relayed(contact) &&
         *book_->contact(contact).relay == book_->id(nodes_[gateway].contact);
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::send_handshake(std::uint32_t slot) {
  Exchange& handshake = exchanges_[slot];
  handshake.sent = now_;
  handshake.unsent = kRoom;
  const Fate fate = message_fate(handshake, 1);
  tell_packet(slot, fate);
  if (fate.lost) {
    lose_handshake(slot);
  } else {
    move_on(now_ + fate.delay, slot, Tag::arrive);
  }
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::lose_handshake(std::uint32_t slot) {
  Exchange& handshake = exchanges_[slot];
  const unsigned doublings = std::min<unsigned>(handshake.attempts, quic_model::kMostDoublings);
  if (handshake.attempts < 0xff) ++handshake.attempts;
  const Time next = handshake.sent + 3 * quic_model::kInitialRtt * (1 << doublings);
  move_on(std::max(now_, std::min(next, handshake.give_up)), slot, Tag::retry);
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::retry_handshake(std::uint32_t slot) {
  Exchange& handshake = exchanges_[slot];
  handshake.in_flight = false;
  const LivingNode from{handshake.from, handshake.from_life};
  const bool gone = nodes_[from.node].life != from.life;
  if (gone || now_ >= handshake.give_up) {
    const NodeNumber to = handshake.to;
    forget(slot);
    if (!gone) fail_dial(from, to);
    return;
  }
  log_.note(now_, EventKind::retransmit, sender(handshake), receiver(handshake), handshake.attempts,
            origins_.of(slot));
  // A server that has gone has left the client's first flight unanswered; so has a Retry, which is
  // sent once.
  const bool asked = handshake.proof == Exchange::AddressProof::asked;
  if (nodes_[handshake.to].life != handshake.to_life || asked) {
    handshake.stage = Exchange::Stage::outbound;
    if (asked) handshake.proof = Exchange::AddressProof::none;
  }
  send_handshake(slot);
}

// An exchange whose asker is no more, or a handshake that is over. Messages that the asker has left
// on a dial end with it.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::forget(std::uint32_t slot) {
  const bool handshake = exchanges_[slot].kind == Exchange::Kind::handshake;
  const LivingNode from{exchanges_[slot].from, exchanges_[slot].from_life};
  const NodeNumber to = exchanges_[slot].to;
  exchanges_.release(slot);
  if (!handshake || nodes_[from.node].life == from.life) return;
  const std::uint32_t dial = dials_.find(from.node, to);
  if (dial != kNoSlot && dials_[dial].life == from.life) end_dial(dial);
}

// The next waits. Messages that waited for this one go over a connection that is there
// nevertheless.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::fail_dial(LivingNode from, NodeNumber to) {
  const std::uint32_t slot = dials_.find(from.node, to);
  if (slot == kNoSlot || dials_[slot].life != from.life) return;
  Dial& dial = dials_[slot];
  dial.phase = Dial::Phase::pausing;
  const Duration pause =
      dial_pause(dial.failures++, medium_.links().draw_bits(from.node, to, now_));
  set_dial_timer(slot, pause);
  if (connection_of(from, to) == kNoSlot) return;
  send_waiting(std::exchange(dial.waiting, {}), /*second=*/false);
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::set_dial_timer(std::uint32_t slot, Duration delay) {
  dials_[slot].due = now_ + delay;
  push(now_ + delay, slot, Tag::dial, dials_.generation(slot));
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::on_dial_due(std::uint32_t slot) {
  Dial& dial = dials_[slot];
  if (dial.due != now_) return;
  if (nodes_[dial.from].life != dial.life || dial.phase == Dial::Phase::resting) {
    if (dial.waiting.empty() || nodes_[dial.from].life != dial.life) end_dial(slot);
    return;
  }
  if (dial.phase == Dial::Phase::dialling) return;
  strand_what_is_late(dial);
  if (dial.phase == Dial::Phase::awaiting) {
    if (dial.waiting.empty()) {
      end_dial(slot);
    } else {
      set_dial_timer(slot, quic_model::kOneWayPatience);
    }
    return;
  }
  dial.phase = Dial::Phase::resting;
  if (!dial.waiting.empty() || is_gateway_of(dial.to, dial.from)) {
    start_dial(slot);
  } else {
    // The next to ask may dial at once, but the pause after that goes on growing for a while.
    set_dial_timer(slot, quic_model::kLongestBackoff);
  }
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::strand_what_is_late(Dial& dial) {
  MessageList waiting = std::exchange(dial.waiting, {});
  while (!waiting.empty()) {
    const std::uint32_t message = pop_front(exchanges_, waiting);
    const Exchange& exchange = exchanges_[message];
    if (exchange.abandoned || now_ > exchange.give_up) {
      strand(message);
    } else {
      push_back(exchanges_, dial.waiting, message);
    }
  }
}

// A server that has too many of them asks the client for a proof in place of its second flight.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::answer_handshake(Exchange& handshake) {
  const NodeNumber to = handshake.to;
  const bool asks = handshake.proof == Exchange::AddressProof::none &&
                    half_open_.count(to, now_) >= quic_model::kRetryAbove;
  if (asks) {
    handshake.proof = Exchange::AddressProof::asked;
  } else {
    half_open_.begin(to, handshake.from, now_);
  }
  handshake.stage = Exchange::Stage::inbound;
  handshake.to_life = nodes_[to].life;
}

// Its first flight ends at the receiver, which answers by itself; its second makes the connection
// for the dialler; its third does for the other end.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::finish_handshake(std::uint32_t slot) {
  Exchange& handshake = exchanges_[slot];
  const LivingNode from{handshake.from, handshake.from_life};
  const NodeNumber to = handshake.to;
  switch (handshake.stage) {
    case Exchange::Stage::outbound:
      answer_handshake(handshake);
      handshake.attempts = 0;
      send_handshake(slot);
      break;
    case Exchange::Stage::inbound: {
      if (handshake.proof == Exchange::AddressProof::asked) {
        handshake.proof = Exchange::AddressProof::shown;
        handshake.stage = Exchange::Stage::outbound;
        handshake.attempts = 0;
        send_handshake(slot);
        break;
      }
      note(EventKind::connected, from.node, to, 0);
      MessageList again;
      handshake.stage = Exchange::Stage::confirming;
      handshake.attempts = 0;
      handshake.unsent = quic_model::kThirdFlight;
      const LivingNode peer{to, handshake.to_life};
      const std::uint32_t known = connections_.find(from.node, to);
      handshake.second = is_of(known, from, peer);
      handshake.connection = establish(from, peer, known, again);
      const bool second = handshake.second;
      transmit(slot);
      end_waiting(from, to, /*dialled=*/true, second);
      while (!again.empty()) dispatch_again(pop_front(exchanges_, again));
      break;
    }
    default: {
      const std::uint32_t life = nodes_[to].life;
      half_open_.end(to, from.node);
      exchanges_.release(slot);
      end_waiting({to, life}, from.node, /*dialled=*/false);
    }
  }
}

// Two connections of the same lives are one here: what is known of the path begins anew with the
// second. Messages that a former life was still owed on one are sent again.
template <typename M, transport::Codec<M> C, typename B>
std::uint32_t VirtualNetwork<M, C, B>::establish(LivingNode from, LivingNode to,
                                                 std::uint32_t known, MessageList& again) {
  if (is_of(known, from, to)) {
    connections_[known].begin_samples(connections_[known].side(from.node));
    return known;
  }
  if (known != kNoSlot) again = end_connection(known);
  return connections_.add(from, to);
}

template <typename M, transport::Codec<M> C, typename B>
bool VirtualNetwork<M, C, B>::is_of(std::uint32_t connection, LivingNode a, LivingNode b) const {
  return connection != kNoSlot && connections_[connection].belongs_to(a) &&
         connections_[connection].belongs_to(b);
}

// Loads what will be looked up when a flight of it has arrived.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::prefetch_dial(const Exchange& handshake) const {
  if (handshake.stage == Exchange::Stage::inbound) {
    connections_.prefetch(handshake.from, handshake.to);
    dials_.prefetch(handshake.from, handshake.to);
  } else if (handshake.stage == Exchange::Stage::confirming) {
    dials_.prefetch(handshake.to, handshake.from);
  }
}

// There is a connection now: what has waited for it goes. Requests are on the one that is being
// dialled already, and stay there until that is up or has failed.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::end_waiting(LivingNode from, NodeNumber to, bool dialled,
                                          bool second) {
  const std::uint32_t slot = dials_.find(from.node, to);
  if (slot == kNoSlot || dials_[slot].life != from.life) return;
  Dial& dial = dials_[slot];
  MessageList waiting = std::exchange(dial.waiting, {});
  if (dialled || dial.phase != Dial::Phase::dialling) {
    dials_.remove(slot);
    send_waiting(waiting, second);
    return;
  }
  MessageList go;
  while (!waiting.empty()) {
    const std::uint32_t message = pop_front(exchanges_, waiting);
    push_back(exchanges_, is_awaited(exchanges_[message]) ? dial.waiting : go, message);
  }
  send_waiting(go, second);
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::send_waiting(MessageList waiting, bool second) {
  while (!waiting.empty()) {
    const std::uint32_t message = pop_front(exchanges_, waiting);
    Exchange& exchange = exchanges_[message];
    if (exchange.abandoned || now_ > exchange.give_up) {
      strand(message);
    } else {
      exchange.in_flight = false;
      exchange.second = second;
      dispatch(message);
    }
  }
}

// A request that was not delivered has timed out. Its peer, which had dialled, may have restarted,
// and cannot say so by a stateless reset, for its first connection id has no token. It is dialled.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::doubt(const Exchange& exchange) {
  const LivingNode from{exchange.from, exchange.from_life};
  if (exchange.stage != Exchange::Stage::outbound || !is_known(exchange, from)) return;
  const Connection& connection = connections_[exchange.connection];
  if (connection.dialler == connection.side(exchange.from)) return;
  start_dial(dial_of(from, exchange.to));
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::connect(NodeNumber from, NodeNumber to) {
  if (options_.warm_connections) return;
  const LivingNode living{from, nodes_[from].life};
  if (connection_of(living, to) != kNoSlot) return;
  start_dial(dial_of(living, to));
}

}  // namespace macula::sim
