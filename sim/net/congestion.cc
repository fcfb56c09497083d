#include "sim/net/congestion.h"

#include <algorithm>
#include <utility>

namespace macula::sim {
namespace {

using quic_model::kDatagram;
using quic_model::kGranularity;
using quic_model::kInitialWindow;
using quic_model::kLeastWindow;
using quic_model::kMaxStreams;

// ngtcp2 lets the window grow to 2.89 times of what was delivered within a round trip.
constexpr std::uint64_t ambition(std::uint64_t delivered) {
  return std::max(kInitialWindow, delivered) * 289 / 100;
}

constexpr std::uint64_t kMostOfPace = ambition(0);

// 0.7 of it (CUBIC, RFC 9438), but two packets.
constexpr std::uint64_t shrunk(std::uint64_t window) {
  return std::max(kLeastWindow, window * 7 / 10);
}

// The bytes that the peer lets be under way, on the wire: it gives back those it has read once they
// are more than half of its window.
constexpr std::uint64_t credit(std::uint64_t window, std::uint64_t delivered) {
  return window / kRoom * kDatagram - delivered % ((window / 2 / kRoom + 1) * kDatagram);
}

}  // namespace

std::uint64_t Pace::window() const {
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(kInitialWindow) + grown);
}

void Pace::roll(Time now, Duration round_trip) {
  const std::uint32_t tick = ticks(now);
  if (tick - round <= ticks(kTimeZero + round_trip)) return;
  resume(window() + in_round);
  round = tick;
  in_round = 0;
}

bool Pace::take(Time now, Duration round_trip, std::size_t size) {
  roll(now, round_trip);
  return add(size);
}

bool Pace::add(std::size_t size) {
  const std::size_t bytes = wire_bytes(size);
  if (in_round + bytes > window()) return false;
  in_round = static_cast<std::uint16_t>(in_round + bytes);
  return true;
}

void Pace::shrink() {
  resume(shrunk(window()));
}

void Pace::resume(std::uint64_t window) {
  grown = static_cast<std::int16_t>(static_cast<std::int64_t>(std::min(window, kMostOfPace)) -
                                    static_cast<std::int64_t>(kInitialWindow));
}

Window::Flight Window::begin(Time now, Duration round_trip) {
  if (under_way == 0) {
    progress.heard = progress.sent = now;
    cubic.go_on(now, last_sent);
  }
  return {now, now + round_trip, 0, progress};
}

Window::Burst Window::begin_burst(Time now, Duration round_trip) {
  const Flight whole = begin(now, round_trip);
  const Flight lost{now, kTimeMax, 0, whole.before};
  return {lost, whole, lost};
}

void Window::Burst::add(const std::vector<Piece>& pieces, std::uint64_t bytes, bool lost) {
  if (lost) {
    after.bytes += bytes;
    after.lost.insert(after.lost.end(), pieces.begin(), pieces.end());
    return;
  }
  whole.bytes += bytes;
  before.bytes += std::exchange(after.bytes, 0);
  before.lost.insert(before.lost.end(), after.lost.begin(), after.lost.end());
  after.lost.clear();
}

void Window::end_burst(Burst& burst, Time now, Duration round_trip) {
  const std::uint64_t bytes = burst.bytes();
  for (Flight* flight : {&burst.before, &burst.whole, &burst.after}) {
    if (flight->bytes > 0) flights.push_back(std::move(*flight));
  }
  last_sent = now;
  pace(now, round_trip, bytes);
}

// The rate as ngtcp2 takes it (draft-cheng-iccrg-delivery-rate-estimation): between what had been
// delivered when a packet left and when it is acknowledged; over the time that took, or that its
// like took to leave.
void Window::acknowledge(const Flight& flight, Time now, Duration round_trip, std::uint64_t bytes) {
  under_way -= std::min(under_way, bytes);
  if (size <= ambition(best) && flight.sent > recovered) {
    size += size < threshold ? bytes : cubic.growth(size, now, round_trip, bytes);
  }
  progress.delivered += bytes;
  progress.heard = now;
  if (flight.before.delivered > measured || took == Duration{0}) {
    measured = flight.before.delivered;
    took = std::max(now - flight.before.heard, flight.sent - flight.before.sent);
    progress.sent = flight.sent;
  }
  if (took < round_trip || took == Duration{0}) return;
  best = std::max(best, (progress.delivered - measured) *
                            static_cast<std::uint64_t>(round_trip.count()) /
                            static_cast<std::uint64_t>(took.count()));
}

void Window::shrink(Time now, Time sent) {
  if (sent <= recovered) return;
  recovered = now;
  cubic.shrink(size);
  size = threshold = shrunk(size);
}

bool Window::has_lost() const {
  return std::any_of(flights.begin(), flights.end(),
                     [](const Flight& each) { return each.is_lost(); });
}

bool Window::take_turn() {
  if (probes == 0) return room() > 0;
  --probes;
  return true;
}

std::uint64_t Window::room() const {
  const bool alone = line.first == line.last;
  const std::uint64_t granted =
      alone ? credit(quic_model::kStreamWindow,
                     progress.delivered - std::min(progress.delivered, begun))
            : credit(quic_model::kConnectionWindow, progress.delivered);
  const std::uint64_t most = std::min(size, granted);
  return most > under_way ? most - under_way : 0;
}

bool Window::open_stream() {
  if (streams == 0) return false;
  --streams;
  return true;
}

void Window::close_stream(Time told) {
  if (!closing.empty() && closing.back().told == told) {
    ++closing.back().streams;
  } else {
    closing.push_back({told, 1});
  }
}

void Window::take_streams(Time now) {
  std::size_t count = 0;
  for (; count < closing.size() && closing[count].told <= now; ++count) {
    closed += closing[count].streams;
  }
  closing.erase(closing.begin(), closing.begin() + static_cast<std::ptrdiff_t>(count));
  if (closed < kMaxStreams / quic_model::kPartOfStreams) return;
  streams = std::min(kMaxStreams, streams + std::exchange(closed, 0));
}

bool Window::may_send(Time now) const {
  return !line.empty() && paced <= now + kGranularity;
}

void Window::pace(Time now, Duration round_trip, std::uint64_t bytes) {
  paced = now + Duration(static_cast<Duration::rep>(static_cast<std::uint64_t>(round_trip.count()) *
                                                    bytes * 4 / 5 / size));
}

}  // namespace macula::sim
