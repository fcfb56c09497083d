// What the virtual network does where more is to be sent than may be under way: see
// sim/net/congestion.h.
#pragma once

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "sim/net/quic_model.h"
#include "sim/net/virtual_host.h"
#include "sim/net/virtual_network.h"

namespace macula::sim {

// The peer acknowledges two packets at a time, and a single one after a part of a round trip.
inline constexpr std::uint64_t kAcknowledged = 2 * quic_model::kDatagram;
inline constexpr int kAckDelayPart = 8;
inline constexpr std::uint64_t kBurst = std::uint64_t{64} << 10;  // at most at one instant

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

// A small message, unless it would be one too many in this round trip.
template <typename M, transport::Codec<M> C, typename B>
bool VirtualNetwork<M, C, B>::keep_pace(std::uint32_t slot, const Fate& fate) {
  const Exchange& exchange = exchanges_[slot];
  Connection& connection = connections_[exchange.connection];
  const unsigned side = connection.side(sender(exchange));
  if (Trouble* trouble = connections_.trouble_if_any(exchange.connection)) {
    Recovery& recovery = trouble->recovery[side];
    recovery.last_sent = std::max(recovery.last_sent, now_);
    if (trouble->windows[side] != nullptr) return true;
  }
  if (connection.ends[side].pace.take(now_, 2 * fate.delay, exchange.unsent)) {
    return true;
  }
  put_in_line(slot);
  return false;
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::put_in_line(std::uint32_t slot) {
  Exchange& exchange = exchanges_[slot];
  const std::uint32_t number = exchange.connection;
  Connection& connection = connections_[number];
  const unsigned side = connection.side(sender(exchange));
  auto& window = connections_.trouble(number).windows[side];
  if (window == nullptr) {
    window = std::make_unique<Window>();
    const Duration mean = round_trip(connection).mean;
    const Duration acknowledged = mean + std::min(mean / kAckDelayPart, quic_model::kMaxAckDelay);
    Pace& pace = connection.ends[side].pace;
    pace.roll(now_, acknowledged);
    window->size = pace.window();
    if (pace.in_round > 0) {
      Window::Flight flight = window->begin(Pace::time_of(pace.round), acknowledged);
      window->under_way = flight.bytes = pace.in_round;
      window->flights.push_back(flight);
    }
  }
  if (window->queued > 0 && window->queued + exchange.unsent > quic_model::kMaxQueued) {
    refuse(slot);
    return;
  }
  if (is_awaited(exchange) && !exchange.abandoned) ensure_outcome(slot);
  exchange.in_flight = true;
  if (window->line.empty()) window->begun = window->progress.delivered + window->under_way;
  window->queued += exchange.unsent;
  const bool opens = exchange.kind == Exchange::Kind::request &&
                     exchange.stage == Exchange::Stage::outbound && exchange.attempts == 0;
  const bool waits = opens && !window->open_stream();
  push_back(exchanges_, waits ? window->unopened : window->line, slot);
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
  window->close_stream(now_ + links_.round_trip(exchange.from, exchange.to).mean);
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

template <typename M, transport::Codec<M> C, typename B>
Time VirtualNetwork<M, C, B>::next_of(const Window& window) const {
  Time next = kTimeMax;
  for (const Window::Flight& flight : window.flights) next = std::min(next, flight.acknowledged);
  if (!window.line.empty() && window.room() > 0) next = std::min(next, window.paced);
  if (!window.unopened.empty() && !window.closing.empty()) {
    next = std::min(next, window.closing.front().told);
  }
  return next;
}

// Takes in what is acknowledged by now, and sends what may be sent.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::send_on(std::uint32_t slot, unsigned side) {
  Trouble& trouble = connections_.trouble(slot);
  Window* window = trouble.windows[side].get();
  if (window == nullptr) return;
  window->take_streams(now_);
  while (!window->unopened.empty() && window->open_stream()) {
    push_back(exchanges_, window->line, pop_front(exchanges_, window->unopened));
  }
  auto& flights = window->flights;
  const Duration mean = round_trip(connections_[slot]).mean;
  for (std::size_t i = 0; i < flights.size();) {
    if (flights[i].acknowledged > now_) {
      ++i;
      continue;
    }
    const Window::Flight flight = flights[i];
    flights.erase(flights.begin() + static_cast<std::ptrdiff_t>(i));
    window->under_way -= std::min(window->under_way, flight.lost);
    if (flight.lost > 0) window->shrink(now_, flight.sent);
    Recovery& recovery = trouble.recovery[side];
    recovery.probes = flight.bytes > 0 ? 0 : recovery.probes + 1;
    if (flight.bytes > 0) {  // both ends have heard something
      for (Recovery& each : trouble.recovery) each.quiet = kTimeMax;
    }
    while (!window->held.empty()) {
      push_back(exchanges_, window->line, pop_front(exchanges_, window->held));
    }
    for (std::uint64_t done = 0; done < flight.bytes; done += kAcknowledged) {
      window->acknowledge(flight, now_, mean, std::min(flight.bytes - done, kAcknowledged));
      send_burst(slot, side);
    }
  }
  send_burst(slot, side);
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::send_burst(std::uint32_t slot, unsigned side) {
  Trouble& trouble = connections_.trouble(slot);
  Window& window = *trouble.windows[side];
  if (!window.may_send(now_)) return;
  const Connection& connection = connections_[slot];
  const NodeNumber from = connection.ends[side].node;
  const NodeNumber to = connection.ends[1 - side].node;
  const Duration mean = round_trip(connection).mean;
  Window::Flight flight = window.begin(now_, mean);
  std::vector<Piece> lost;
  std::vector<Piece> pieces;
  bool last_lost = false;
  while (!window.line.empty() && window.room() > 0 && flight.bytes + flight.lost < kBurst) {
    pieces.clear();
    const std::uint64_t bytes = fill_datagram(window, pieces);
    if (bytes == 0) break;
    const Fate fate = packet_fate(from, to, quic_model::kDatagram);
    last_lost = fate.lost;
    window.under_way += bytes;
    (fate.lost ? flight.lost : flight.bytes) += bytes;
    for (const Piece& piece : pieces) {
      tell_packet(piece.message, fate);
      if (fate.lost) {
        lost.push_back(piece);
      } else if (exchanges_[piece.message].unsent == 0 && !is_in(lost, piece.message)) {
        move_on(now_ + fate.delay, piece.message, Tag::arrive);
      }
    }
  }
  for (const Piece& piece : lost) {
    Exchange& exchange = exchanges_[piece.message];
    if (exchange.unsent == 0) push_back(exchanges_, window.held, piece.message);
    exchange.unsent += piece.bytes;
    window.queued += piece.bytes;
  }
  const std::uint64_t sent = flight.bytes + flight.lost;
  if (sent == 0) return;
  if (last_lost) {
    flight.acknowledged = now_ + probe_after(slot, side);
    for (Recovery& each : trouble.recovery) each.quiet = std::min(each.quiet, now_);
  }
  window.flights.push_back(flight);
  window.pace(now_, mean, sent);
}

// Parts of as many messages as fit, in turn. 0: nobody wants to be sent any more.
template <typename M, transport::Codec<M> C, typename B>
std::uint64_t VirtualNetwork<M, C, B>::fill_datagram(Window& window, std::vector<Piece>& pieces) {
  std::size_t room = kRoom;
  while (room > 0 && !window.line.empty()) {
    const std::uint32_t message = pop_front(exchanges_, window.line);
    Exchange& exchange = exchanges_[message];
    if (is_given_up(exchange)) {
      window.queued -= exchange.unsent;
      strand(message);
      continue;
    }
    exchange.sent = now_;
    const auto part = static_cast<std::uint32_t>(std::min<std::size_t>(exchange.unsent, room));
    exchange.unsent -= part;
    window.queued -= part;
    room -= part;
    pieces.push_back({message, part});
    if (exchange.unsent > 0) push_back(exchanges_, window.line, message);
  }
  return pieces.empty() ? 0 : kRoom - room + quic_model::kDatagramOverhead;
}

// Whether its sender knows that nobody waits for it any more.
template <typename M, transport::Codec<M> C, typename B>
bool VirtualNetwork<M, C, B>::is_given_up(const Exchange& exchange) const {
  if (!exchange.abandoned || !is_awaited(exchange)) return false;
  if (exchange.stage == Exchange::Stage::outbound) return true;
  return now_ >= exchange.give_up + links_.round_trip(exchange.from, exchange.to).mean / 2;
}

template <typename M, transport::Codec<M> C, typename B>
bool VirtualNetwork<M, C, B>::is_in(const std::vector<Piece>& pieces, std::uint32_t message) {
  return std::any_of(pieces.begin(), pieces.end(),
                     [&](const Piece& piece) { return piece.message == message; });
}

}  // namespace macula::sim
