#include "sim/net/network.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "dht/wire/codec.h"
#include "sim/net/byte_stream.h"
#include "sim/net/virtual_host.h"

namespace macula::sim {
namespace {

using dht::Failure;

// Before there is a measured round trip: ngtcp2's advice for use within a cluster is an initial RTT
// of 50 to 100 ms; the first probe of a handshake is sent after three of them (RFC 9002, 6.2.2).
constexpr Duration kHandshakeProbe = 3 * Duration(std::chrono::milliseconds(100));
constexpr Duration kMaxAckDelay = std::chrono::milliseconds(25);
constexpr unsigned kLongestBackoff = 10;  // doublings

constexpr std::uint32_t kGenerationMask = 0xffffff;

// A handle is a slot and its generation: stale once the slot is released.
constexpr std::uint64_t make_handle(std::uint32_t slot, std::uint32_t generation) {
  return std::uint64_t{generation} << 32 | slot;
}
constexpr std::uint32_t slot_of(std::uint64_t handle) {
  return static_cast<std::uint32_t>(handle);
}
constexpr std::uint32_t generation_of(std::uint64_t handle) {
  return static_cast<std::uint32_t>(handle >> 32);
}

template <typename T>
bool is_stale(const Slab<T>& slab, std::uint64_t handle) {
  return !slab.live(slot_of(handle)) || slab.generation(slot_of(handle)) != generation_of(handle);
}

NodeNumber sender(const Exchange& exchange) {
  return exchange.stage == Exchange::Stage::inbound ? exchange.to : exchange.from;
}
NodeNumber receiver(const Exchange& exchange) {
  return exchange.stage == Exchange::Stage::inbound ? exchange.from : exchange.to;
}

}  // namespace

Network::Network(dht::ContactBook& book, const LinkModel& model, const NetworkOptions& options)
    : book_(&book),
      options_(options),
      links_(model, options.seed),
      queue_(options.shuffled_ties ? std::optional(options.seed) : std::nullopt) {}

Network::~Network() = default;

// ----- what hosts call -----

dht::RequestId Network::request(NodeNumber from, dht::ContactRef to, dht::wire::Message& message,
                                Duration timeout, dht::Token token) {
  MACULA_CHECK(timeout > Duration{0});
  const std::uint32_t slot = exchanges_.allocate();
  Exchange& exchange = exchanges_[slot];
  exchange.message = std::move(message);
  exchange.token = token;
  exchange.give_up = now_ + timeout;
  exchange.from = from;
  exchange.to = node_of(to);
  exchange.from_life = nodes_[from].life;
  exchange.kind = Exchange::Kind::request;
  begin(slot);
  return dht::RequestId{make_handle(slot, exchanges_.generation(slot))};
}

void Network::send(NodeNumber from, dht::ContactRef to, dht::wire::Message& message) {
  const std::uint32_t slot = exchanges_.allocate();
  Exchange& exchange = exchanges_[slot];
  exchange.message = std::move(message);
  exchange.give_up = now_ + kDeadAfter;
  exchange.from = from;
  exchange.to = node_of(to);
  exchange.from_life = nodes_[from].life;
  exchange.kind = Exchange::Kind::one_way;
  begin(slot);
}

// A contact of no node is an address where nobody listens: as silent as a dead peer.
void Network::begin(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  if (observer_ != nullptr) {
    observer_->on_sent(now_, exchange.from, exchange.to, exchange.message);
  }
  nodes_[exchange.from].bytes_sent += dht::wire::encoded_size(exchange.message, *book_);
  if (exchange.to == kNoNode || !recode(exchange.from, exchange.message)) {
    ensure_outcome(slot);
    return;
  }
  dispatch(slot);
}

void Network::cancel(dht::RequestId request) {
  const auto handle = static_cast<std::uint64_t>(request);
  if (!is_stale(exchanges_, handle)) abandon(slot_of(handle));
}

void Network::abandon(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  // A request under way reaches its receiver all the same.
  if (exchange.stage == Exchange::Stage::outbound && exchange.in_flight) {
    exchange.abandoned = true;
  } else {
    exchanges_.release(slot);
  }
}

void Network::reply(dht::InboundId request, dht::wire::Message& message) {
  const auto handle = static_cast<std::uint64_t>(request);
  if (is_stale(exchanges_, handle)) return;  // the asker has given up
  const std::uint32_t slot = slot_of(handle);
  Exchange& exchange = exchanges_[slot];
  MACULA_CHECK(exchange.stage == Exchange::Stage::serving);
  exchange.stage = Exchange::Stage::inbound;
  exchange.attempts = 0;
  exchange.message = std::move(message);
  nodes_[exchange.to].bytes_sent += dht::wire::encoded_size(exchange.message, *book_);
  if (exchange.abandoned) {
    exchanges_.release(slot);
  } else if (!recode(exchange.to, exchange.message)) {
    ensure_outcome(slot);
  } else {
    transmit(slot);
  }
}

dht::TimerId Network::set_timer(NodeNumber node, Duration delay, dht::Token token) {
  MACULA_CHECK(delay >= Duration{0});
  const std::uint32_t slot = timers_.allocate({token, node, nodes_[node].life});
  push(now_ + delay, slot, Tag::timer, timers_.generation(slot));
  return dht::TimerId{make_handle(slot, timers_.generation(slot))};
}

void Network::cancel_timer(dht::TimerId timer) {
  const auto handle = static_cast<std::uint64_t>(timer);
  if (!is_stale(timers_, handle)) timers_.release(slot_of(handle));
}

// ----- a message's way -----

void Network::dispatch(std::uint32_t slot) {
  const Exchange& exchange = exchanges_[slot];
  const LivingNode from{exchange.from, exchange.from_life};
  if (options_.warm_connections || exchange.kind == Exchange::Kind::handshake) {
    transmit(slot);
    return;
  }
  const auto state = connections_.state(from, exchange.to);
  if (state == ConnectionTable::State::established) {
    transmit(slot);
    return;
  }
  ensure_outcome(slot);
  if (state == ConnectionTable::State::none) {
    connections_.dial(from, exchange.to);
    start_handshake(exchange.from, exchange.to);
  }
  connections_.wait(from, exchange.to, make_handle(slot, exchanges_.generation(slot)));
}

void Network::start_handshake(NodeNumber from, NodeNumber to) {
  const std::uint32_t slot = exchanges_.allocate();
  Exchange& handshake = exchanges_[slot];
  handshake.from = from;
  handshake.to = to;
  handshake.from_life = nodes_[from].life;
  handshake.kind = Exchange::Kind::handshake;
  handshake.give_up = now_ + kDeadAfter;
  transmit(slot);
}

void Network::transmit(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  const NodeNumber from = sender(exchange);
  const NodeNumber to = receiver(exchange);
  const Fate fate =
      partitions_.blocked(from, to) ? Fate{Duration{0}, true} : links_.fate(from, to, now_);
  if (fate.lost) {
    lose(slot);
    return;
  }
  const Time arrival = now_ + fate.delay;
  if (exchange.kind == Exchange::Kind::request && arrival > exchange.give_up) {
    ensure_outcome(slot);
    if (exchange.stage == Exchange::Stage::inbound) return;  // it comes too late for anyone
  }
  move_on(arrival, slot, Tag::arrive);
}

void Network::lose(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  exchange.in_flight = false;
  const unsigned doublings = std::min<unsigned>(exchange.attempts, kLongestBackoff);
  if (exchange.attempts < 0xff) ++exchange.attempts;
  const Time next = now_ + probe_timeout(exchange) * (1 << doublings);
  if (next < exchange.give_up && !exchange.abandoned) {
    move_on(next, slot, Tag::retransmit);
  } else if (exchange.kind == Exchange::Kind::request && !exchange.abandoned) {
    ensure_outcome(slot);
  } else {
    if (exchange.kind == Exchange::Kind::handshake) connections_.drop(exchange.from, exchange.to);
    exchanges_.release(slot);
  }
}

Duration Network::probe_timeout(const Exchange& exchange) const {
  if (exchange.kind == Exchange::Kind::handshake) return kHandshakeProbe;
  // srtt + 4 * rttvar + max_ack_delay (RFC 9002, 6.2.1), with the variance settled at 1/32.
  const Duration round_trip = links_.round_trip(exchange.from, exchange.to);
  return round_trip + round_trip / 8 + kMaxAckDelay;
}

void Network::arrive(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  const NodeNumber to = receiver(exchange);
  const Node& node = nodes_[to];
  if (exchange.stage == Exchange::Stage::inbound && node.life != exchange.from_life) {
    exchanges_.release(slot);  // the asker is gone
  } else if (node.guest == nullptr) {
    lose(slot);
  } else if (exchange.stage == Exchange::Stage::outbound &&
             exchange.kind != Exchange::Kind::handshake && !options_.warm_connections &&
             !connections_.peer_knows(exchange.from, {to, node.life})) {
    reconnect(slot);
  } else if (node.activation > Duration{0} && exchange.kind != Exchange::Kind::handshake) {
    move_on(now_ + links_.draw(to, now_, node.activation), slot, Tag::hand_over);
  } else {
    hand_over(slot);
  }
}

// The receiver has restarted and knows no such connection: it answers with a stateless reset
// (RFC 9000, section 10.3), upon which the sender connects anew.
void Network::reconnect(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  const LivingNode from{exchange.from, exchange.from_life};
  if (connections_.state(from, exchange.to) == ConnectionTable::State::established) {
    connections_.drop(exchange.from, exchange.to);
  }
  const Fate reset = links_.fate(exchange.to, exchange.from, now_);
  exchange.attempts = 0;
  move_on(now_ + reset.delay, slot, Tag::dispatch);
}

void Network::hand_over(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  exchange.in_flight = false;
  Node& node = nodes_[receiver(exchange)];
  if (exchange.stage == Exchange::Stage::inbound && node.life != exchange.from_life) {
    exchanges_.release(slot);  // the asker is gone
    return;
  }
  if (node.guest == nullptr) {  // it crashed while the message waited for it
    lose(slot);
    return;
  }
  if (exchange.kind == Exchange::Kind::handshake) {
    finish_handshake(slot);
  } else if (exchange.stage == Exchange::Stage::inbound) {
    hand_over_reply(slot);
  } else if (exchange.kind == Exchange::Kind::request) {
    hand_over_request(slot, node);
  } else {
    dht::wire::Message message = std::move(exchange.message);
    record(EventKind::message, exchange, message);
    const dht::ContactRef from = nodes_[exchange.from].contact;
    exchanges_.release(slot);
    node.guest->on_message(from, message);
  }
}

void Network::hand_over_request(std::uint32_t slot, Node& node) {
  Exchange& exchange = exchanges_[slot];
  const std::uint32_t generation = exchanges_.generation(slot);
  exchange.stage = Exchange::Stage::serving;
  exchange.to_life = node.life;
  dht::wire::Message message = std::move(exchange.message);
  record(EventKind::request, exchange, message);
  const dht::InboundId id{make_handle(slot, generation)};
  node.guest->on_request(nodes_[exchange.from].contact, id, message);
  if (is_stale(exchanges_, make_handle(slot, generation))) return;
  if (exchange.stage != Exchange::Stage::serving) return;  // answered at once
  if (exchange.abandoned) {
    exchanges_.release(slot);
  } else {
    ensure_outcome(slot);
  }
}

void Network::hand_over_reply(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  dht::wire::Message message = std::move(exchange.message);
  record(EventKind::reply, exchange, message);
  dht::Guest& guest = *nodes_[exchange.from].guest;
  const dht::Token token = exchange.token;
  exchanges_.release(slot);
  guest.on_reply(token, message);
}

// Its first half ends at the receiver, which answers by itself; its second makes the connection.
void Network::finish_handshake(std::uint32_t slot) {
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
  exchanges_.release(slot);
  note(EventKind::connected, from.node, to.node, 0);
  for (const std::uint64_t waiting : connections_.establish(from, to)) {
    if (!is_stale(exchanges_, waiting)) transmit(slot_of(waiting));
  }
}

void Network::give_up(std::uint32_t slot) {
  const Exchange& exchange = exchanges_[slot];
  const bool heard = exchange.kind == Exchange::Kind::request && !exchange.abandoned &&
                     nodes_[exchange.from].guest != nullptr &&
                     nodes_[exchange.from].life == exchange.from_life;
  if (!heard) {
    abandon(slot);
    return;
  }
  const NodeNumber from = exchange.from;
  const NodeNumber to = exchange.to;
  const dht::Token token = exchange.token;
  abandon(slot);
  digest_.add(now_, static_cast<std::uint32_t>(EventKind::failure), from, to, 0U);
  if (observer_ != nullptr) observer_->on_event({now_, EventKind::failure, from, to});
  nodes_[from].guest->on_failure(token, Failure::timeout);
}

void Network::fire(std::uint32_t slot) {
  const Timer timer = timers_[slot];
  timers_.release(slot);
  if (nodes_[timer.node].life != timer.life) return;
  note(EventKind::timer, timer.node, kNoNode, timer.token);
  nodes_[timer.node].guest->on_timer(timer.token);
}

// ----- events -----

void Network::push(Time time, std::uint32_t slot, Tag tag, std::uint32_t generation) {
  queue_.push(time, slot, static_cast<std::uint32_t>(tag) | (generation & kGenerationMask) << 8);
}

void Network::move_on(Time time, std::uint32_t slot, Tag tag) {
  exchanges_[slot].in_flight = true;
  push(time, slot, tag, exchanges_.generation(slot));
}

void Network::ensure_outcome(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  if (exchange.outcome_due) return;
  exchange.outcome_due = true;
  push(std::max(exchange.give_up, now_), slot, Tag::give_up, exchanges_.generation(slot));
}

bool Network::run_until(Time end) {
  while (!queue_.empty() && queue_.next_time() <= end) {
    if (events_ == options_.max_events) return false;
    const Event event = queue_.pop();
    now_ = time_from_ns(event.time_ns);
    ++events_;
    prefetch();
    process(event);
    if (events_ % kCheckpointEvents == 0) checkpoints_.push_back({events_, now_, digest_.value()});
  }
  now_ = end;
  return true;
}

void Network::process(const Event& event) {
  const auto tag = static_cast<Tag>(event.tag & 0xff);
  const std::uint32_t slot = event.slot;
  if (tag == Tag::action) {
    const Action action = std::move(actions_[slot]);
    action();
    return;
  }
  const auto fresh = [&](std::uint32_t generation) {
    return (generation & kGenerationMask) == event.tag >> 8;
  };
  if (tag == Tag::timer) {
    if (!timers_.live(slot) || !fresh(timers_.generation(slot))) return;
    if (!hold_if_paused(timers_[slot].node, event)) fire(slot);
    return;
  }
  if (!exchanges_.live(slot) || !fresh(exchanges_.generation(slot))) return;
  Exchange& exchange = exchanges_[slot];
  switch (tag) {
    case Tag::arrive:
    case Tag::hand_over:
      if (hold_if_paused(receiver(exchange), event)) {
        if (exchange.kind == Exchange::Kind::request) ensure_outcome(slot);
      } else if (tag == Tag::arrive) {
        arrive(slot);
      } else {
        hand_over(slot);
      }
      break;
    case Tag::retransmit:
      note(EventKind::retransmit, sender(exchange), receiver(exchange), exchange.attempts);
      exchange.in_flight = false;
      if (exchange.abandoned) {
        exchanges_.release(slot);
      } else {
        transmit(slot);
      }
      break;
    case Tag::dispatch:
      exchange.in_flight = false;
      if (nodes_[exchange.from].life != exchange.from_life || exchange.abandoned) {
        abandon(slot);
      } else {
        dispatch(slot);
      }
      break;
    case Tag::give_up:
      if (!hold_if_paused(exchange.from, event)) give_up(slot);
      break;
    default:
      MACULA_CHECK(false);
  }
}

bool Network::hold_if_paused(NodeNumber node, const Event& event) {
  Node& holder = nodes_[node];
  if (!holder.paused) return false;
  if (holder.held == nullptr) holder.held = std::make_unique<std::vector<Event>>();
  holder.held->push_back(event);
  return true;
}

// A visit to a random exchange or node among many waits for memory: it is asked for a few events
// ahead, the exchange first, then the nodes it names.
void Network::prefetch() const {
  static constexpr std::size_t kExchangeAhead = 6;
  static constexpr std::size_t kNodeAhead = 3;
  static constexpr auto is_exchange = [](const Event* event) {
    return event != nullptr && (event->tag & 0xff) < static_cast<std::uint32_t>(Tag::timer);
  };
  if (const Event* event = queue_.peek(kExchangeAhead); is_exchange(event)) {
    exchanges_.prefetch(event->slot);
  }
  if (const Event* event = queue_.peek(kNodeAhead); is_exchange(event)) {
    const NodeNumber node = receiver(exchanges_[event->slot]);
    if (node != kNoNode) __builtin_prefetch(nodes_[node].guest);
  }
}

bool Network::recode(NodeNumber from, dht::wire::Message& message) {
  if (!options_.encoded) return true;
  return pass_through_bytes(
      message, nodes_[from].contact, *book_,
      options_.random_chunks ? std::optional(mix(options_.seed, events_)) : std::nullopt);
}

void Network::record(EventKind kind, const Exchange& exchange, const dht::wire::Message& message) {
  ++messages_;
  const NodeNumber from = sender(exchange);
  const NodeNumber to = receiver(exchange);
  digest_.add(now_, static_cast<std::uint32_t>(kind), from, to,
              dht::wire::fingerprint(message, *book_));
  if (observer_ != nullptr) observer_->on_event({now_, kind, from, to, &message});
}

void Network::note(EventKind kind, NodeNumber from, NodeNumber to, std::uint64_t content) {
  digest_.add(now_, static_cast<std::uint32_t>(kind), from, to, content);
  if (observer_ != nullptr) observer_->on_event({now_, kind, from, to});
}

}  // namespace macula::sim
