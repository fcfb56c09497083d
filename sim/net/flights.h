// The datagrams that leave the line of a window, one after the other, and the way their sender
// learns their fate: see sim/net/congestion.h.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "sim/net/quic_model.h"
#include "sim/net/virtual_host.h"
#include "sim/net/virtual_network.h"

namespace macula::sim {

// The peer acknowledges two packets at a time.
inline constexpr std::uint64_t kAcknowledged = 2 * quic_model::kDatagram;
inline constexpr std::uint64_t kBurst = std::uint64_t{64} << 10;  // at most at one instant

template <typename M, transport::Codec<M> C, typename B>
Time VirtualNetwork<M, C, B>::next_of(std::uint32_t slot, unsigned side) {
  const Trouble& trouble = connections_.trouble(slot);
  const Window& window = *trouble.windows[side];
  if (window.is_idle()) return window.last_sent + quic_model::kIdleTimeout;
  Time next = kTimeMax;
  for (const Window::Flight& flight : window.flights) next = std::min(next, flight.acknowledged);
  if (window.has_lost()) next = std::min(next, window.last_sent + probe_after(slot, side));
  const bool may_send = !window.line.empty() && (window.probes > 0 || window.room() > 0);
  if (may_send && !window.blocked) next = std::min(next, window.paced);
  if (window.blocked && trouble.recovery[side].lost.empty()) {
    next = std::min(next, trouble.recovery[side].last_sent + probe_after(slot, side));
  }
  if (!window.unopened.empty() && !window.closing.empty()) {
    next = std::min(next, window.closing.front().told);
  }
  return next;
}

// Takes in what is acknowledged by now, and sends what may be sent.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::send_on(std::uint32_t slot, unsigned side) {
  Window* window = connections_.trouble(slot).windows[side].get();
  if (window == nullptr) return;
  if (window->is_idle() && now_ >= window->last_sent + quic_model::kIdleTimeout) {
    close_window(slot, side);
    return;
  }
  window->take_streams(now_);
  while (!window->unopened.empty() && window->open_stream()) {
    push_back(exchanges_, window->line, pop_front(exchanges_, window->unopened));
  }
  unblock(slot, side);
  take_flights(slot, side);
  probe_flights(slot, side);
  send_burst(slot, side);
}

// It goes away when it has not been used for long. Its knowledge of the path goes with it, but for
// its size.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::close_window(std::uint32_t slot, unsigned side) {
  const auto window = std::move(connections_.trouble(slot).windows[side]);
  Pace& pace = connections_[slot].ends[side].pace;
  pace.resume(window->size);
  pace.in_round = 0;
}

// A packet sent before there was a window has come, and its acknowledgement was lost: a probe
// tells.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::unblock(std::uint32_t slot, unsigned side) {
  Trouble& trouble = connections_.trouble(slot);
  const Recovery& recovery = trouble.recovery[side];
  Window& window = *trouble.windows[side];
  if (!window.blocked || !recovery.lost.empty()) return;
  if (now_ >= recovery.last_sent + probe_after(slot, side)) window.blocked = false;
}

// With a flight that is acknowledged all those that were lost before are known to be.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::take_flights(std::uint32_t slot, unsigned side) {
  Trouble& trouble = connections_.trouble(slot);
  Window& window = *trouble.windows[side];
  auto& flights = window.flights;
  const Duration mean = round_trip(connections_[slot]).mean;
  for (std::size_t i = 0; i < flights.size();) {
    if (flights[i].acknowledged > now_) {
      ++i;
      continue;
    }
    const Window::Flight flight = std::move(flights[i]);
    flights.erase(flights.begin() + static_cast<std::ptrdiff_t>(i));
    connections_[slot].measure(side, 1);
    for (Recovery& each : trouble.recovery) each.quiet = kTimeMax;  // both have heard something
    trouble.recovery[side].probes = 0;
    window.probes = 0;
    Time lost{};
    for (std::size_t before = 0; before < i;) {
      if (!flights[before].is_lost()) {
        ++before;
        continue;
      }
      lost = flights[before].sent;
      window.under_way -= std::min(window.under_way, flights[before].bytes);
      take_back(window, flights[before], flights[before].bytes);
      flights.erase(flights.begin() + static_cast<std::ptrdiff_t>(before));
      --i;
    }
    if (lost > Time{}) window.shrink(now_, lost);
    for (std::uint64_t done = 0; done < flight.bytes; done += kAcknowledged) {
      window.acknowledge(flight, now_, mean, std::min(flight.bytes - done, kAcknowledged));
      send_burst(slot, side);
    }
  }
}

// At most so many bytes of what a flight has lost are to be sent again.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::take_back(Window& window, Window::Flight& flight,
                                        std::uint64_t most) {
  std::uint64_t taken = 0;
  auto piece = flight.lost.begin();
  for (; piece != flight.lost.end() && taken < most; ++piece) {
    if (exchanges_.is_stale(make_handle(piece->message, piece->generation))) continue;
    Exchange& exchange = exchanges_[piece->message];
    exchange.missing -= piece->bytes;
    exchange.unsent += piece->bytes;
    window.queued += piece->bytes;
    taken += piece->bytes;
  }
  flight.lost.erase(flight.lost.begin(), piece);
  MessageList held = std::exchange(window.held, {});
  while (!held.empty()) {
    const std::uint32_t message = pop_front(exchanges_, held);
    push_back(exchanges_, exchanges_[message].unsent > 0 ? window.line : window.held, message);
  }
}

// Nothing later is acknowledged: two datagrams leave, whatever is under way, with what was lost
// first.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::probe_flights(std::uint32_t slot, unsigned side) {
  Trouble& trouble = connections_.trouble(slot);
  Window& window = *trouble.windows[side];
  if (!window.has_lost()) return;
  if (now_ < window.last_sent + probe_after(slot, side)) return;
  ++trouble.recovery[side].probes;
  window.last_sent = now_;
  window.probes = quic_model::kProbePackets;
  const auto first = std::find_if(window.flights.begin(), window.flights.end(),
                                  [](const auto& each) { return !each.lost.empty(); });
  if (first != window.flights.end()) take_back(window, *first, quic_model::kProbePackets * kRoom);
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::send_burst(std::uint32_t slot, unsigned side) {
  Trouble& trouble = connections_.trouble(slot);
  Window& window = *trouble.windows[side];
  if (window.blocked || !window.may_send(now_)) return;
  Connection& connection = connections_[slot];
  const NodeNumber from = connection.ends[side].node;
  const NodeNumber to = connection.ends[1 - side].node;
  Window::Burst burst = window.begin_burst(now_, round_trip(connection).mean);
  std::vector<Window::Piece> pieces;
  while (!window.line.empty() && burst.bytes() < kBurst && window.take_turn()) {
    pieces.clear();
    const std::uint64_t bytes = fill_datagram(window, pieces);
    if (bytes == 0) break;
    const Fate fate = packet_fate(from, to, quic_model::kDatagram);
    window.under_way += bytes;
    burst.add(pieces, bytes, fate.lost);
    send_pieces(window, pieces, fate);
  }
  if (burst.bytes() > 0) end_burst(slot, side, burst);
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::end_burst(std::uint32_t slot, unsigned side, Window::Burst& burst) {
  Trouble& trouble = connections_.trouble(slot);
  Connection& connection = connections_[slot];
  connection.ends[side].pace.round = Pace::ticks(now_);
  if (burst.after.bytes > 0) {
    for (Recovery& each : trouble.recovery) each.quiet = std::min(each.quiet, now_);
  }
  trouble.windows[side]->end_burst(burst, now_, round_trip(connection).mean);
}

// A message of several datagrams has left, of which some are lost: there is a window from now on.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::lose_parts(std::uint32_t slot, const Fate& fate) {
  Exchange& exchange = exchanges_[slot];
  const bool inbound = exchange.stage == Exchange::Stage::inbound;
  const LivingNode end{sender(exchange), inbound ? exchange.to_life : exchange.from_life};
  const bool counted = exchange.connection != kNoSlot;
  if (!counted && nodes_[end.node].life == end.life)
    exchange.connection = warm_connection(exchange);
  if (!is_known(exchange, end)) {
    lose(slot);
    return;
  }
  const std::uint32_t number = exchange.connection;
  Connection& connection = connections_[number];
  const unsigned side = connection.side(end.node);
  Pace& pace = connection.ends[side].pace;
  const auto bytes = static_cast<std::uint16_t>(wire_bytes(exchange.unsent));
  if (counted && pace.in_round >= bytes)
    pace.in_round = static_cast<std::uint16_t>(pace.in_round - bytes);
  Window& window = open_window(number, side);
  Window::Burst burst = window.begin_burst(now_, round_trip(connection).mean);
  window.under_way += bytes;
  exchange.missing = 0;
  for (unsigned i = 0; exchange.unsent > 0; ++i) {
    const auto part = static_cast<std::uint32_t>(std::min<std::size_t>(exchange.unsent, kRoom));
    const bool lost = (fate.which >> i & 1) != 0;
    exchange.unsent -= part;
    if (lost) exchange.missing += part;
    burst.add({{slot, exchanges_.generation(slot), part}}, part + quic_model::kDatagramOverhead,
              lost);
  }
  exchange.whole = now_ + fate.delay;
  exchange.in_flight = true;
  if (is_awaited(exchange) && !exchange.abandoned) ensure_outcome(slot);
  push_back(exchanges_, window.held, slot);
  end_burst(number, side, burst);
  arm(number);
}

// Parts of messages, in a datagram. A message is there with the last of its datagrams.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::send_pieces(Window& window, const std::vector<Window::Piece>& pieces,
                                          const Fate& fate) {
  for (const Window::Piece& piece : pieces) {
    tell_packet(piece.message, fate);
    Exchange& exchange = exchanges_[piece.message];
    if (fate.lost) {
      exchange.missing += piece.bytes;
    } else {
      exchange.whole = std::max(exchange.whole, now_ + fate.delay);
    }
    if (exchange.unsent > 0) continue;
    if (exchange.missing > 0) {
      push_back(exchanges_, window.held, piece.message);
    } else {
      move_on(exchange.whole, piece.message, Tag::arrive);
    }
  }
}

// Parts of as many messages as fit, in turn. 0: nobody wants to be sent any more.
template <typename M, transport::Codec<M> C, typename B>
std::uint64_t VirtualNetwork<M, C, B>::fill_datagram(Window& window,
                                                     std::vector<Window::Piece>& pieces) {
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
    exchange.number = ++packets_;
    const auto part = static_cast<std::uint32_t>(std::min<std::size_t>(exchange.unsent, room));
    exchange.unsent -= part;
    window.queued -= part;
    room -= part;
    pieces.push_back({message, exchanges_.generation(message), part});
    if (exchange.unsent > 0) push_back(exchanges_, window.line, message);
  }
  return pieces.empty() ? 0 : kRoom - room + quic_model::kDatagramOverhead;
}

// Whether its sender knows that nobody waits for it any more.
template <typename M, transport::Codec<M> C, typename B>
bool VirtualNetwork<M, C, B>::is_given_up(const Exchange& exchange) const {
  if (!exchange.abandoned || !is_awaited(exchange)) return false;
  if (exchange.stage == Exchange::Stage::outbound) return true;
  return now_ >= exchange.give_up + medium_.links().round_trip(exchange.from, exchange.to).mean / 2;
}

}  // namespace macula::sim
