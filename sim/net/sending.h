// How messages get into line where more is to be sent than may be under way: see
// sim/net/congestion.h, and sim/net/flights.h for how they leave it.
#pragma once

#include <algorithm>
#include <memory>

#include "sim/net/quic_model.h"
#include "sim/net/virtual_host.h"
#include "sim/net/virtual_network.h"

namespace macula::sim {

// A single packet is acknowledged after a part of a round trip.
inline constexpr int kAckDelayPart = 8;

// A message too large, or for whose direction others wait already.
template <typename M, transport::Codec<M> C, typename B>
bool VirtualNetwork<M, C, B>::waits_for_window(std::uint32_t slot) {
  const Exchange& exchange = exchanges_[slot];
  const std::uint32_t connection = exchange.connection;
  const unsigned side = connections_[connection].side(sender(exchange));
  const Trouble* trouble = connections_.trouble_if_any(connection);
  const bool has_window = trouble != nullptr && trouble->windows[side] != nullptr;
  if (!has_window && exchange.unsent <= quic_model::kInitialWindow) return false;
  put_in_line(slot);
  return true;
}

// A small message, unless it would be one too many in this round trip; or, where nothing is heard,
// since something was.
template <typename M, transport::Codec<M> C, typename B>
bool VirtualNetwork<M, C, B>::keep_pace(std::uint32_t slot, const Fate& fate) {
  Exchange& exchange = exchanges_[slot];
  Connection& connection = connections_[exchange.connection];
  const unsigned side = connection.side(sender(exchange));
  Pace& pace = connection.ends[side].pace;
  exchange.number = ++packets_;
  if (Trouble* trouble = connections_.trouble_if_any(exchange.connection)) {
    Recovery& recovery = trouble->recovery[side];
    const bool has_window = trouble->windows[side] != nullptr;
    const bool unheard = !has_window && exchange.attempts == 0 && recovery.is_unheard();
    if (unheard && !pace.add(exchange.unsent)) {
      put_in_line(slot);
      return false;
    }
    recovery.last_sent = std::max(recovery.last_sent, now_);
    if (has_window || unheard) return true;
  }
  if (pace.take(now_, 2 * fate.delay, exchange.unsent)) return true;
  put_in_line(slot);
  return false;
}

// The window of one direction of a connection; what left within this round trip is under way.
template <typename M, transport::Codec<M> C, typename B>
Window& VirtualNetwork<M, C, B>::open_window(std::uint32_t number, unsigned side) {
  Trouble& trouble = connections_.trouble(number);
  if (trouble.windows[side] != nullptr) return *trouble.windows[side];
  trouble.windows[side] = std::make_unique<Window>();
  Window& window = *trouble.windows[side];
  Connection& connection = connections_[number];
  const Duration mean = round_trip(connection).mean;
  const Duration acknowledged = mean + std::min(mean / kAckDelayPart, quic_model::kMaxAckDelay);
  Pace& pace = connection.ends[side].pace;
  window.blocked = trouble.recovery[side].is_unheard();
  if (!window.blocked) pace.roll(now_, acknowledged);
  window.size = pace.window();
  if (pace.in_round > 0 && !window.blocked) {
    Window::Flight flight = window.begin(Pace::time_of(pace.round), acknowledged);
    window.under_way = flight.bytes = pace.in_round;
    window.flights.push_back(flight);
  }
  return window;
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::put_in_line(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  const std::uint32_t number = exchange.connection;
  const unsigned side = connections_[number].side(sender(exchange));
  Window& window = open_window(number, side);
  if (window.queued > 0 && window.queued + exchange.unsent > quic_model::kMaxQueued) {
    refuse(slot);
    return;
  }
  if (is_awaited(exchange) && !exchange.abandoned) ensure_outcome(slot);
  exchange.in_flight = true;
  exchange.missing = 0;
  exchange.whole = now_;
  if (window.line.empty()) window.begun = window.progress.delivered + window.under_way;
  window.queued += exchange.unsent;
  const bool opens = exchange.kind == Exchange::Kind::request &&
                     exchange.stage == Exchange::Stage::outbound && exchange.attempts == 0;
  const bool waits = opens && !window.open_stream();
  push_back(exchanges_, waits ? window.unopened : window.line, slot);
  send_on(number, side);
  arm(number);
}

// The answer of a request has come, or nobody waits for it any more.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::close_stream(const Exchange& exchange) {
  if (exchange.kind != Exchange::Kind::request || !travels_on_one(exchange)) return;
  Trouble* trouble = connections_.trouble_if_any(exchange.connection);
  if (trouble == nullptr) return;
  Window* window = trouble->windows[connections_[exchange.connection].side(exchange.from)].get();
  if (window == nullptr) return;
  window->close_stream(now_ + medium_.links().round_trip(exchange.from, exchange.to).mean);
  if (!window->unopened.empty()) arm(exchange.connection);
}

// Its asker learns so at once.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::refuse(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  exchange.refused = true;
  exchange.give_up = now_;
  exchange.outcome_due = false;
  strand(slot);
}

}  // namespace macula::sim
