// A message's way through the virtual network, step by step in the order in which it meets them:
// from the guest that asks to the guest that is asked, and back with the answer. Its needs on the
// way are in other files: a connection (dialling.h, connections.h), the fate of its packets
// (fates.h), another try where one is lost (recovering.h), room where too much is sent at once
// (sending.h), and an end where no answer comes (outcomes.h).
#pragma once

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "sim/net/quic_model.h"
#include "sim/net/virtual_host.h"
#include "sim/net/virtual_network.h"

namespace macula::sim {

// ----- it is asked for -----

template <typename M, transport::Codec<M> C, typename B>
transport::RequestId VirtualNetwork<M, C, B>::request(NodeNumber from, transport::Peer to,
                                                      M& message, Duration timeout,
                                                      transport::Token token) {
  MACULA_CHECK(timeout > Duration{0});
  const NodeNumber node = reach(from, to);
  if (!options_.warm_connections) connections_.prefetch(from, node);
  const std::uint32_t slot = new_exchange(Exchange::Kind::request, from, node, timeout);
  exchanges_[slot].message = std::move(message);
  exchanges_[slot].token = token;
  begin(slot);
  return transport::RequestId{exchanges_.handle(slot)};
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::send(NodeNumber from, transport::Peer to, M& message) {
  const std::uint32_t slot =
      new_exchange(Exchange::Kind::one_way, from, reach(from, to), quic_model::kOneWayPatience);
  exchanges_[slot].message = std::move(message);
  begin(slot);
}

template <typename M, transport::Codec<M> C, typename B>
std::uint32_t VirtualNetwork<M, C, B>::new_exchange(ExchangeState::Kind kind, NodeNumber from,
                                                    NodeNumber to, Duration patience) {
  const std::uint32_t slot = exchanges_.allocate();
  Exchange& exchange = exchanges_[slot];
  exchange.kind = kind;
  exchange.from = from;
  exchange.to = to;
  exchange.from_contact = nodes_[from].client ? transport::kNoPeer : nodes_[from].contact;
  exchange.from_life = nodes_[from].life;
  exchange.give_up = now_ + patience;
  origins_.begin(slot, from);
  return slot;
}

// A contact of no node is an address where nobody listens: as silent as a dead peer.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::begin(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  log_.sent(now_, exchange.from, exchange.to, exchange.message, origins_.of(slot));
  const std::size_t size = codec_.size(exchange.message);
  if (size > C::kLargest) {
    exchange.refused = true;
    exchange.give_up = now_;
    ensure_outcome(slot);
    return;
  }
  nodes_[exchange.from].bytes_sent += size;
  exchange.unsent = static_cast<std::uint32_t>(size);
  if (exchange.to == kNoNode || !recode(exchange.from, exchange.message)) {
    ensure_outcome(slot);
    return;
  }
  if (nodes_[exchange.from].paused) {
    wait_for_resume(slot);
  } else {
    dispatch(slot);
  }
}

// Nothing leaves a node that is held still.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::wait_for_resume(std::uint32_t slot) {
  exchanges_[slot].in_flight = true;
  ensure_outcome(slot);
  push(now_, slot, Tag::resumed, exchanges_.generation(slot));
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::go_on(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  exchange.in_flight = false;
  const bool gone = nodes_[exchange.from].life != exchange.from_life;
  if (gone || exchange.abandoned || now_ >= exchange.give_up) {
    strand(slot);
  } else {
    dispatch(slot);
  }
}

// ----- it travels -----

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::dispatch(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  if (options_.warm_connections) {
    submit(slot);
    return;
  }
  const LivingNode from{exchange.from, exchange.from_life};
  const std::uint32_t connection = connection_of(from, exchange.to);
  if (connection != kNoSlot && is_still_there(connection, from)) {
    exchange.connection = connection;
    submit(slot);
  } else {
    wait_for_connection(slot);
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

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::transmit(std::uint32_t slot, unsigned copies) {
  Exchange& exchange = exchanges_[slot];
  const NodeNumber from = sender(exchange);
  const NodeNumber to = receiver(exchange);
  exchange.sent = now_;
  // One stands for all where they fare alike.
  const bool single =
      copies == 1 && (exchange.unsent <= kRoom || medium_.links().is_certain(from, to));
  Fate fate = single ? packet_fate(from, to, exchange.unsent + quic_model::kDatagramOverhead)
                     : message_fate(exchange, copies);
  if (exchange.connection != kNoSlot && !keep_pace(slot, fate)) return;
  if (fate.lost) {
    tell_packet(slot, fate);
    if (copies == 1 && exchange.unsent > kRoom) {
      lose_parts(slot, fate);
    } else {
      lose(slot);
    }
    return;
  }
  // No probe leaves sooner than that.
  if (fate.over > quic_model::kGranularity + quic_model::kMaxAckDelay &&
      medium_.links().jitters(from, to)) {
    fate.delay = std::min(fate.delay, probed_delay(exchange));
  }
  const Time arrival = now_ + fate.delay;
  const bool answers = is_awaited(exchange) && exchange.stage == Exchange::Stage::inbound;
  if (answers && arrival > exchange.give_up) {
    tell(slot, Passage::late);
    strand(slot);
    return;
  }
  tell_packet(slot, fate);
  move_on(arrival, slot, Tag::arrive);
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::arrive(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  const NodeNumber to = receiver(exchange);
  Node& node = nodes_[to];
  const bool on_one = travels_on_one(exchange);
  const bool known = on_one && connections_[exchange.connection].belongs_to({to, node.life});
  if (exchange.stage == Exchange::Stage::inbound && node.life != exchange.from_life) {
    if (node.guest == nullptr) miss(slot, node);
    if (exchange.kind != Exchange::Kind::handshake) miss_asker(slot);
    forget(slot);
  } else if (node.guest == nullptr) {
    miss(slot, node);
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
    if (node.activates && is_for_guest(exchange)) {
      move_on(now_ + medium_.links().draw(to, now_, activations_[to]), slot, Tag::hand_over);
    } else {
      hand_over(slot);
    }
  }
}

// ----- it is handed over -----

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::hand_over(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  exchange.in_flight = false;
  Node& node = nodes_[receiver(exchange)];
  if (node.guest == nullptr) miss(slot, node);
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
      record(EventKind::message, slot, message);
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

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::hand_over_request(std::uint32_t slot, Node& node) {
  Exchange& exchange = exchanges_[slot];
  const std::uint32_t generation = exchanges_.generation(slot);
  exchange.stage = Exchange::Stage::serving;
  exchange.to_life = node.life;
  M message = std::move(exchange.message);
  record(EventKind::request, slot, message);
  const transport::InboundId id{make_handle(slot, generation)};
  node.guest->on_request(sender_of(exchange), id, message);
  if (exchanges_.is_stale(make_handle(slot, generation))) return;
  if (exchange.stage != Exchange::Stage::serving) return;  // answered at once
  if (exchange.abandoned) {
    exchanges_.release(slot);
  } else {
    ensure_outcome(slot);
  }
}

// ----- its answer -----

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::reply(transport::InboundId request, M& message) {
  const auto handle = static_cast<std::uint64_t>(request);
  if (exchanges_.is_stale(handle)) return;  // the asker has given up
  const std::uint32_t slot = slot_of(handle);
  Exchange& exchange = exchanges_[slot];
  MACULA_CHECK(exchange.stage == Exchange::Stage::serving);
  exchange.stage = Exchange::Stage::inbound;
  exchange.attempts = 0;
  exchange.message = std::move(message);
  const std::size_t size = codec_.size(exchange.message);
  const bool too_large = size > C::kLargest;
  if (!too_large) nodes_[exchange.to].bytes_sent += size;
  if (exchange.abandoned && size <= quic_model::kInitialWindow) {
    exchanges_.release(slot);  // of what is larger a part leaves before its sender hears of it
  } else if (too_large || !recode(exchange.to, exchange.message)) {
    ensure_outcome(slot);
  } else {
    send_back(slot, size);
  }
}

// Only the end of a stream travels back.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::refuse(transport::InboundId request) {
  const auto handle = static_cast<std::uint64_t>(request);
  if (exchanges_.is_stale(handle)) return;
  const std::uint32_t slot = slot_of(handle);
  Exchange& exchange = exchanges_[slot];
  MACULA_CHECK(exchange.stage == Exchange::Stage::serving);
  if (exchange.abandoned) {
    exchanges_.release(slot);
    return;
  }
  exchange.stage = Exchange::Stage::inbound;
  exchange.attempts = 0;
  exchange.message = {};
  exchange.declined = true;
  send_back(slot, quic_model::kRefusal);
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::send_back(std::uint32_t slot, std::size_t size) {
  Exchange& exchange = exchanges_[slot];
  const bool on_one = travels_on_one(exchange);
  const bool known =
      on_one && connections_[exchange.connection].belongs_to({exchange.to, exchange.to_life});
  if (!options_.warm_connections && !known) {
    strand(slot);  // the stream for its answer has ended with the connection
  } else {
    if (!on_one) exchange.connection = kNoSlot;
    exchange.unsent = static_cast<std::uint32_t>(size);
    submit(slot);
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
  record(EventKind::reply, slot, message);
  transport::Guest<M>& guest = *nodes_[exchange.from].guest;
  const transport::Token token = exchange.token;
  exchanges_.release(slot);
  guest.on_reply(token, message);
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::tell_failure(std::uint32_t slot, transport::Failure failure) {
  const Exchange& exchange = exchanges_[slot];
  note_failure(exchange.from, exchange.to, failure, origins_.of(slot));
  transport::Guest<M>& guest = *nodes_[exchange.from].guest;
  const transport::Token token = exchange.token;
  exchanges_.release(slot);
  guest.on_failure(token, failure);
}

}  // namespace macula::sim
