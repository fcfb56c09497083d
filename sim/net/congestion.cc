#include "sim/net/congestion.h"

#include <algorithm>

namespace macula::sim {
namespace {

using quic_model::kDatagram;
using quic_model::kGranularity;
using quic_model::kInitialWindow;
using quic_model::kLeastWindow;

// ngtcp2 lets the window grow to 2.89 times of what was delivered within a round trip.
constexpr std::uint64_t ambition(std::uint64_t delivered) {
  return std::max(kInitialWindow, delivered) * 289 / 100;
}

// 0.7 of it (CUBIC, RFC 9438), but two packets.
constexpr std::uint64_t shrunk(std::uint64_t window) {
  return std::max(kLeastWindow, window * 7 / 10);
}

}  // namespace

std::uint64_t Pace::window() const {
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(kInitialWindow) + grown);
}

void Pace::roll(Time now, Duration round_trip) {
  constexpr std::uint64_t kMost = ambition(0);
  const std::uint32_t tick = ticks(now);
  if (tick - round <= ticks(kTimeZero + round_trip)) return;
  const std::uint64_t reached = std::min<std::uint64_t>(window() + in_round, kMost);
  grown = static_cast<std::int16_t>(static_cast<std::int64_t>(reached) -
                                    static_cast<std::int64_t>(kInitialWindow));
  round = tick;
  in_round = 0;
}

bool Pace::take(Time now, Duration round_trip, std::size_t size) {
  roll(now, round_trip);
  const std::size_t bytes = wire_bytes(size);
  if (in_round + bytes > window()) return false;
  in_round = static_cast<std::uint16_t>(in_round + bytes);
  return true;
}

void Pace::shrink() {
  grown = static_cast<std::int16_t>(static_cast<std::int64_t>(shrunk(window())) -
                                    static_cast<std::int64_t>(kInitialWindow));
}

void Window::acknowledge(const Flight& flight, Duration round_trip, std::uint64_t done,
                         std::uint64_t bytes) {
  under_way -= std::min(under_way, bytes);
  if (size <= ambition(best)) size += size < threshold ? bytes : kDatagram * bytes / size;
  // What was delivered from when it left until now, in the share of a round trip.
  const Duration took = round_trip + flight.since;
  best = std::max(best, (done + bytes) * static_cast<std::uint64_t>(round_trip.count()) /
                            static_cast<std::uint64_t>(std::max(took, Duration{1}).count()));
}

void Window::shrink(Time now, Time sent) {
  if (sent <= recovered) return;
  recovered = now;
  size = threshold = shrunk(size);
}

std::uint64_t Window::room() const {
  const bool alone = line.first == line.last;
  const std::uint64_t most =
      std::min(size, alone ? quic_model::kStreamWindow : quic_model::kConnectionWindow);
  return most > under_way ? most - under_way : 0;
}

void Window::pace(Time now, Duration round_trip, std::uint64_t bytes) {
  const auto wait = Duration(static_cast<Duration::rep>(
      static_cast<std::uint64_t>(round_trip.count()) * bytes * 4 / 5 / size));
  paced = wait > kGranularity ? now + wait - kGranularity : now;
}

}  // namespace macula::sim
