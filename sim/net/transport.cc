// A message's way through the virtual network: connection, packets, loss, hand-over, answer.
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "sim/net/handle.h"
#include "sim/net/virtual_host.h"
#include "sim/net/virtual_network.h"

namespace macula::sim {
namespace {

// Before there is a measured round trip: ngtcp2's advice for use within a cluster is an initial RTT
// of 50 to 100 ms; the first probe of a handshake is sent after three of them (RFC 9002, 6.2.2).
constexpr Duration kHandshakeProbe = 3 * Duration(std::chrono::milliseconds(100));
constexpr Duration kMaxAckDelay = std::chrono::milliseconds(25);
constexpr unsigned kLongestBackoff = 10;  // doublings

}  // namespace

void VirtualNetwork::dispatch(std::uint32_t slot) {
  const Exchange& exchange = exchanges_[slot];
  const LivingNode from{exchange.from, exchange.from_life};
  if (options_.warm_connections || is_handshake(exchange)) {
    transmit(slot);
    return;
  }
  const auto state = connections_.state(from, exchange.to);
  if (state == ConnectionTable::State::established) {
    transmit(slot);
    return;
  }
  ensure_outcome(slot);
  // What waits is known before the handshake starts: that may fail at once.
  if (state == ConnectionTable::State::none) connections_.dial(from, exchange.to);
  connections_.wait(from, exchange.to, make_handle(slot, exchanges_.generation(slot)));
  if (state == ConnectionTable::State::none) start_handshake(exchange.from, exchange.to);
}

void VirtualNetwork::start_handshake(NodeNumber from, NodeNumber to) {
  transmit(new_exchange(Exchange::Kind::handshake, from, to, kDeadAfter));
}

void VirtualNetwork::transmit(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  const NodeNumber from = sender(exchange);
  const NodeNumber to = receiver(exchange);
  const Fate fate = packet_fate(from, to);
  if (fate.lost) {
    lose(slot);
    return;
  }
  const Time arrival = now_ + fate.delay;
  const bool answers =
      exchange.kind == Exchange::Kind::request && exchange.stage == Exchange::Stage::inbound;
  if (answers && arrival > exchange.give_up) {
    ensure_outcome(slot);  // it comes too late for anyone
    return;
  }
  move_on(arrival, slot, Tag::arrive);
}

Fate VirtualNetwork::packet_fate(NodeNumber from, NodeNumber to) {
  return partitions_.stop(from, to) ? Fate{Duration{0}, true} : links_.fate(from, to, now_);
}

void VirtualNetwork::lose(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  exchange.in_flight = false;
  const unsigned doublings = std::min<unsigned>(exchange.attempts, kLongestBackoff);
  if (exchange.attempts < 0xff) ++exchange.attempts;
  const Time next = now_ + probe_timeout(exchange) * (1 << doublings);
  if (next < exchange.give_up && !exchange.abandoned) {
    move_on(next, slot, Tag::retransmit);
  } else if (is_awaited(exchange) && !exchange.abandoned) {
    ensure_outcome(slot);
  } else if (exchange.kind == Exchange::Kind::handshake) {
    fail_handshake(slot);
  } else {
    exchanges_.release(slot);
  }
}

// What waited for it ends when its time is up, unless the peer has made a connection meanwhile.
void VirtualNetwork::fail_handshake(std::uint32_t slot) {
  const LivingNode from{exchanges_[slot].from, exchanges_[slot].from_life};
  const NodeNumber to = exchanges_[slot].to;
  exchanges_.release(slot);
  const auto waiting = connections_.fail(from, to);
  if (connections_.state(from, to) != ConnectionTable::State::established) return;
  for (const std::uint64_t message : waiting) {
    if (!is_stale(exchanges_, message)) transmit(slot_of(message));
  }
}

Duration VirtualNetwork::probe_timeout(const Exchange& exchange) const {
  if (is_handshake(exchange)) return kHandshakeProbe;
  // srtt + 4 * rttvar + max_ack_delay (RFC 9002, 6.2.1). The variance starts at half a round trip
  // and loses a quarter with each sample: after five it is an eighth, and most connections of a DHT
  // carry few messages. Real QUIC in virtual time has this as its median.
  const Duration round_trip = links_.round_trip(exchange.from, exchange.to);
  return round_trip + round_trip / 2 + kMaxAckDelay;
}

void VirtualNetwork::arrive(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  const NodeNumber to = receiver(exchange);
  Node& node = nodes_[to];
  if (exchange.stage == Exchange::Stage::inbound && node.life != exchange.from_life) {
    if (node.guest == nullptr) ++node.packets_missed;
    exchanges_.release(slot);  // the asker is gone
  } else if (node.guest == nullptr) {
    ++node.packets_missed;
    lose(slot);
  } else if (exchange.stage == Exchange::Stage::outbound && !is_handshake(exchange) &&
             !options_.warm_connections &&
             !connections_.peer_knows(exchange.from, {to, node.life})) {
    reconnect(slot);
  } else if (node.activation > Duration{0} && !is_handshake(exchange)) {
    move_on(now_ + links_.draw(to, now_, node.activation), slot, Tag::hand_over);
  } else {
    hand_over(slot);
  }
}

// The receiver has restarted and knows no such connection: it answers with a stateless reset
// (RFC 9000, section 10.3), upon which the sender connects anew. A sender that the reset does not
// reach knows no more than that nothing was acknowledged.
void VirtualNetwork::reconnect(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  const Fate reset = packet_fate(exchange.to, exchange.from);
  if (reset.lost) {
    lose(slot);
    return;
  }
  const LivingNode from{exchange.from, exchange.from_life};
  if (connections_.state(from, exchange.to) == ConnectionTable::State::established) {
    connections_.drop(exchange.from, exchange.to);
  }
  exchange.attempts = 0;
  move_on(now_ + reset.delay, slot, Tag::dispatch);
}

void VirtualNetwork::hand_over(std::uint32_t slot) {
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
  if (is_handshake(exchange)) {
    finish_handshake(slot);
  } else if (exchange.stage == Exchange::Stage::inbound) {
    hand_over_reply(slot);
  } else if (exchange.kind == Exchange::Kind::request) {
    hand_over_request(slot, node);
  } else {
    dht::wire::Message message = std::move(exchange.message);
    record(EventKind::message, exchange, message);
    const dht::ContactRef from = exchange.from_contact;
    exchanges_.release(slot);
    node.guest->on_message(from, message);
  }
}

void VirtualNetwork::hand_over_request(std::uint32_t slot, Node& node) {
  Exchange& exchange = exchanges_[slot];
  const std::uint32_t generation = exchanges_.generation(slot);
  exchange.stage = Exchange::Stage::serving;
  exchange.to_life = node.life;
  dht::wire::Message message = std::move(exchange.message);
  record(EventKind::request, exchange, message);
  const dht::InboundId id{make_handle(slot, generation)};
  node.guest->on_request(exchange.from_contact, id, message);
  if (is_stale(exchanges_, make_handle(slot, generation))) return;
  if (exchange.stage != Exchange::Stage::serving) return;  // answered at once
  if (exchange.abandoned) {
    exchanges_.release(slot);
  } else {
    ensure_outcome(slot);
  }
}

void VirtualNetwork::hand_over_reply(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  dht::wire::Message message = std::move(exchange.message);
  record(EventKind::reply, exchange, message);
  dht::Guest& guest = *nodes_[exchange.from].guest;
  const dht::Token token = exchange.token;
  exchanges_.release(slot);
  guest.on_reply(token, message);
}

// Its first half ends at the receiver, which answers by itself; its second makes the connection.
void VirtualNetwork::finish_handshake(std::uint32_t slot) {
  Exchange& handshake = exchanges_[slot];
  if (handshake.stage == Exchange::Stage::outbound) {
    handshake.stage = Exchange::Stage::inbound;
    handshake.to_life = nodes_[handshake.to].life;
    handshake.attempts = 0;
    transmit(slot);
    return;
  }
  const LivingNode from{handshake.from, handshake.from_life};
  const LivingNode to{handshake.to, handshake.to_life};
  const bool meeting = handshake.kind == Exchange::Kind::meeting;
  const dht::Token token = handshake.token;
  exchanges_.release(slot);
  note(EventKind::connected, from.node, to.node, 0);
  for (const std::uint64_t waiting : connections_.establish(from, to)) {
    if (!is_stale(exchanges_, waiting)) transmit(slot_of(waiting));
  }
  if (meeting) nodes_[from.node].guest->on_met(token, contact_met(to.node));
}

void VirtualNetwork::give_up(std::uint32_t slot) {
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
  const dht::Token token = exchange.token;
  const dht::Failure failure = exchange.refused ? dht::Failure::refused : dht::Failure::timeout;
  abandon(slot);
  note(EventKind::failure, from, to, static_cast<std::uint64_t>(failure));
  if (meeting) {
    nodes_[from].guest->on_met(token, dht::kNoContact);
  } else {
    nodes_[from].guest->on_failure(token, failure);
  }
}

void VirtualNetwork::fire(std::uint32_t slot) {
  const Timer timer = timers_[slot];
  timers_.release(slot);
  if (nodes_[timer.node].life != timer.life) return;
  note(EventKind::timer, timer.node, kNoNode, timer.token);
  nodes_[timer.node].guest->on_timer(timer.token);
}

}  // namespace macula::sim
