#include "sim/net/cubic.h"

#include <algorithm>

#include "sim/net/quic_model.h"

namespace macula::sim {
namespace {

using quic_model::kDatagram;

}  // namespace

void Cubic::shrink(std::uint64_t window) {
  begun_ = kTimeMax;
  most_ = window < most_ ? window * 17 / 20 : window;
}

void Cubic::go_on(Time now, Time last_sent) {
  if (begun_ != kTimeMax && last_sent > begun_) begun_ += now - last_sent;
}

void Cubic::begin(std::uint64_t window, Time now) {
  begun_ = now;
  seconds_ = 0;
  origin_ = reno_ = window;
  if (window >= most_) return;
  origin_ = most_;
  const std::uint64_t cubed = (most_ - window) * 10 / 4 / kDatagram;
  while ((seconds_ + 1) * (seconds_ + 1) * (seconds_ + 1) <= cubed) ++seconds_;
}

// Time in sixteenths of a second.
std::uint64_t Cubic::target(Time then) const {
  const std::uint64_t time =
      (static_cast<std::uint64_t>((then - begun_).count()) << 4) / 1'000'000'000;
  const std::uint64_t turn = seconds_ << 4;
  const std::uint64_t off = time > turn ? time - turn : turn - time;
  const std::uint64_t delta = kDatagram * ((((off * off) >> 4) * off) >> 8) * 4 / 10;
  return time > turn ? origin_ + delta : origin_ - std::min(origin_, delta);
}

std::uint64_t Cubic::growth(std::uint64_t window, Time now, Duration round_trip,
                            std::uint64_t bytes) {
  if (begun_ == kTimeMax) begin(window, now);
  const std::uint64_t aim = target(now + round_trip);
  std::uint64_t size = window;
  for (std::uint64_t left = bytes; left > 0;) {
    const std::uint64_t packet = std::min<std::uint64_t>(left, kDatagram);
    left -= packet;
    reno_ += kDatagram * packet / size;
    const std::uint64_t wanted = std::max(aim, reno_);
    if (wanted > size) size += kDatagram * (wanted - size) / size;
  }
  return size - window;
}

}  // namespace macula::sim
