// The parts of VirtualNetwork, for the one file of a program that makes it for its messages: see
// virtual_network.h. Here: the loop of events.
#pragma once

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/prefetch.h"
#include "sim/net/connections.h"
#include "sim/net/dialling.h"
#include "sim/net/fates.h"
#include "sim/net/flights.h"
#include "sim/net/keepalive.h"
#include "sim/net/meeting.h"
#include "sim/net/message_way.h"
#include "sim/net/nodes.h"
#include "sim/net/outcomes.h"
#include "sim/net/recovering.h"
#include "sim/net/sending.h"
#include "sim/net/timers.h"
#include "sim/net/virtual_host.h"
#include "sim/net/virtual_network.h"

namespace macula::sim {

inline constexpr std::uint32_t kGenerationMask = 0xffffff;

// How much of a guest is worth loading ahead: what a node visits for most messages.
inline constexpr std::size_t kGuestBytes = 512;

template <typename M, transport::Codec<M> C, typename B>
VirtualNetwork<M, C, B>::VirtualNetwork(B& book, const LinkModel& model,
                                        const NetworkOptions& options, C codec)
    : book_(&book),
      codec_(std::move(codec)),
      options_(options),
      medium_(model, options.seed, options.fates),
      queue_(options.shuffled_ties ? std::optional(options.seed) : std::nullopt),
      log_(codec_) {}

template <typename M, transport::Codec<M> C, typename B>
VirtualNetwork<M, C, B>::~VirtualNetwork() = default;

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::push(Time time, std::uint32_t slot, Tag tag,
                                   std::uint32_t generation) {
  queue_.push(time, slot, static_cast<std::uint32_t>(tag) | (generation & kGenerationMask) << 8);
}

template <typename M, transport::Codec<M> C, typename B>
bool VirtualNetwork<M, C, B>::run_until(Time end) {
  while (!queue_.empty() && queue_.next_time() <= end) {
    if (looks_.next() < queue_.next_time()) look_before(queue_.next_time());
    if (log_.events() == options_.max_events) return false;
    const Event event = queue_.pop();
    now_ = time_from_ns(event.time_ns);
    log_.begin_event();
    medium_.links().begin_event();
    origins_.begin_event();
    prefetch();
    process(event);
    log_.end_event(now_);
  }
  look_before(end + Duration{1});
  now_ = end;
  return true;
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::look_before(Time time) {
  while (looks_.next() < time) {
    now_ = std::max(now_, looks_.next());
    looks_.take()();
  }
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::process(const Event& event) {
  const auto tag = static_cast<Tag>(event.tag & 0xff);
  const std::uint32_t slot = event.slot;
  if (tag == Tag::action) {
    const Action action = std::move(actions_[slot]);
    actions_.release(slot);
    action();
    return;
  }
  const auto fresh = [&](std::uint32_t generation) {
    return (generation & kGenerationMask) == event.tag >> 8;
  };
  if (tag == Tag::connection) {
    if (connections_.live(slot) && fresh(connections_.generation(slot))) on_connection_due(slot);
    return;
  }
  if (tag == Tag::dial) {
    if (dials_.live(slot) && fresh(dials_.generation(slot))) on_dial_due(slot);
    return;
  }
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
        if (is_awaited(exchange)) ensure_outcome(slot);
      } else if (tag == Tag::arrive) {
        arrive(slot);
      } else {
        hand_over(slot);
      }
      break;
    case Tag::retry:
      retry_handshake(slot);
      break;
    case Tag::reset:
      take_reset(slot);
      break;
    case Tag::resumed:
      if (!hold_if_paused(exchange.from, event)) go_on(slot);
      break;
    case Tag::keepalive:
      send_keepalive(slot);
      break;
    case Tag::give_up:
      if (!hold_if_paused(exchange.from, event)) give_up(slot);
      break;
    default:
      MACULA_CHECK(false);
  }
}

template <typename M, transport::Codec<M> C, typename B>
bool VirtualNetwork<M, C, B>::hold(Node& holder, const Event& event) {
  if (holder.held == nullptr) holder.held = std::make_unique<std::vector<Event>>();
  holder.held->push_back(event);
  return true;
}

// A visit to a random exchange or node among many waits for memory: it is asked for some events
// ahead, one pointer after another. Each event looks up one exchange, the farthest ahead, and finds
// the nearer ones where those before it have put them. Events pushed in between make some come a
// little early, and an exchange that has ended since still has its place in the slab: these are
// hints.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::prefetch() {
  static constexpr std::size_t kFarthest = 6;
  const std::uint64_t number = log_.events();
  const Event* const event = queue_.peek(kFarthest);
  const bool moves_one =
      event != nullptr && (event->tag & 0xff) < static_cast<std::uint32_t>(Tag::timer);
  ahead_[number % ahead_.size()] = moves_one ? &exchanges_[event->slot] : nullptr;
  const auto exchange_at = [&](std::size_t ahead) {
    return ahead_[(number - (kFarthest - ahead)) % ahead_.size()];
  };
  const auto guest_of = [&](const Exchange& exchange) -> const transport::Guest<M>* {
    const NodeNumber node = receiver(exchange);
    return node != kNoNode ? nodes_[node].guest : nullptr;
  };
  // Guests hear nothing of the rest.
  const auto concerns = [](const Exchange& exchange) {
    return exchange.kind <= Exchange::Kind::meeting;
  };
  const auto hint = [&](std::size_t ahead, int step) {
    const Exchange* exchange = exchange_at(ahead);
    if (exchange == nullptr || !concerns(*exchange)) return;
    const transport::Guest<M>* guest = guest_of(*exchange);
    if (guest == nullptr) return;
    if (exchange->stage == Exchange::Stage::inbound) {
      guest->prefetch_reply(exchange->token, step);
    } else {
      guest->prefetch_request(exchange->from_contact, exchange->message, step);
    }
  };
  if (moves_one) prefetch_range(exchange_at(kFarthest), sizeof(Exchange));
  if (const Exchange* exchange = exchange_at(5); exchange != nullptr) {
    const NodeNumber node = receiver(*exchange);
    if (node != kNoNode) prefetch_range(&nodes_[node], sizeof(Node));
    if (node != kNoNode) medium_.links().prefetch(node, sender(*exchange));
    if (exchange->connection != kNoSlot) connections_.prefetch(exchange->connection);
    if (exchange->kind == Exchange::Kind::handshake) prefetch_dial(*exchange);
  }
  if (const Exchange* exchange = exchange_at(4); exchange != nullptr && concerns(*exchange)) {
    if (const transport::Guest<M>* guest = guest_of(*exchange)) prefetch_range(guest, kGuestBytes);
  }
  hint(3, 0);
  hint(2, 1);
}

template <typename M, transport::Codec<M> C, typename B>
bool VirtualNetwork<M, C, B>::recode(NodeNumber from, M& message) {
  if (!options_.encoded) return true;
  std::optional<std::uint64_t> chunk_seed;
  if (options_.random_chunks) {
    chunk_seed = mix(medium_.links().draw_bits(from, from, now_), codec_.fingerprint(message));
  }
  return codec_.recode(message, nodes_[from].contact, chunk_seed);
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::record(EventKind kind, std::uint32_t slot, const M& message) {
  const Exchange& exchange = exchanges_[slot];
  const Origin origin = origins_.of(slot);
  log_.message(now_, kind, sender(exchange), receiver(exchange), message, origin);
  origins_.go_on_with(origin);
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::tell_passage(std::uint32_t slot, Passage passage) {
  const Exchange& exchange = exchanges_[slot];
  const bool asks = passage == Passage::cancelled;
  log_.passage({now_, passage, asks ? exchange.from : sender(exchange),
                asks ? exchange.to : receiver(exchange), origins_.of(slot)},
               carries_message(exchange) ? &exchange.message : nullptr);
}

}  // namespace macula::sim
