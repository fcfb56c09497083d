#include "dht/table/round_trip.h"

#include <algorithm>

namespace macula::dht {
namespace {

// Longer ones count as this long: it keeps all sums below 32 bits.
constexpr Duration kLongest = std::chrono::seconds(60);

// The mean over all peers moves by a share of 1 / 32 at each answer, its deviation by 1 / 16: more
// slowly than those of one peer, since 32 peers differ more than 32 answers of one. Until there are
// as many answers it is the plain average.
constexpr std::uint32_t kSlowest = 32;

// The most that fits the bits of a peer.
constexpr std::uint32_t kMostMean8 = (1U << 16) - 1;
constexpr std::uint32_t kMostDeviation4 = (1U << 14) - 1;
constexpr std::uint32_t kMostDoublings = 3;

Duration milliseconds(std::uint32_t count) {
  return std::chrono::milliseconds(count);
}

std::uint32_t moved(std::uint32_t value, std::uint32_t towards, std::uint32_t share) {
  return towards >= value ? value + (towards - value) / share : value - (value - towards) / share;
}

std::uint32_t difference(std::uint32_t a, std::uint32_t b) {
  return std::max(a, b) - std::min(a, b);
}

}  // namespace

void RoundTrips::answered(const Key& key, Duration elapsed) {
  const auto us = static_cast<std::uint32_t>(
      std::chrono::ceil<std::chrono::microseconds>(std::clamp(elapsed, Duration{0}, kLongest))
          .count());
  if (answers_ == 0) {
    mean_us_ = us;
    deviation_us_ = us / 2;
  } else {
    const std::uint32_t share = answers_ + 1;
    deviation_us_ =
        moved(deviation_us_, difference(us, mean_us_), std::max(std::min(share, kSlowest) / 2, 1U));
    mean_us_ = moved(mean_us_, us, std::min(share, kSlowest));
  }
  answers_ = std::min(answers_ + 1, kSlowest);

  if (!peers_) {
    peers_ = std::make_unique<Peers>();
    for (Peer& peer : *peers_) peer.ref = kNoContact;
  }
  Peer& peer = (*peers_)[place(key)];
  const std::uint32_t ms = (us + 999) / 1000;
  if (peer.ref != key.ref) {
    peer.ref = key.ref;
    peer.mean_8 = std::min(8 * ms, kMostMean8) & kMostMean8;
    peer.deviation_4 = std::min(2 * ms, kMostDeviation4) & kMostDeviation4;
  } else {
    const std::uint32_t error = difference(ms, peer.mean_8 / 8);
    const std::uint32_t deviation_4 = peer.deviation_4 - peer.deviation_4 / 4 + error;
    const std::uint32_t mean_8 = peer.mean_8 - peer.mean_8 / 8 + ms;
    peer.deviation_4 = std::min(deviation_4, kMostDeviation4) & kMostDeviation4;
    peer.mean_8 = std::min(mean_8, kMostMean8) & kMostMean8;
  }
  peer.doublings = 0;
}

void RoundTrips::silent(const Key& key) {
  if (!peers_) return;
  Peer& peer = (*peers_)[place(key)];
  if (peer.ref == key.ref && peer.doublings < kMostDoublings)
    peer.doublings = (peer.doublings + 1) & kMostDoublings;
}

Duration RoundTrips::timeout(const Key& key, Duration cap) const {
  if (peers_) {
    const Peer& peer = (*peers_)[place(key)];
    if (peer.ref == key.ref) {
      const Duration once =
          milliseconds(peer.mean_8 / 8) + std::max(kSlack, milliseconds(peer.deviation_4));
      return std::min(once * (1 << peer.doublings), cap);
    }
  }
  if (answers_ < kEnough) return std::min(kInitial, cap);
  const Duration deviations = std::chrono::microseconds(std::int64_t{8} * deviation_us_);
  return std::min(std::chrono::microseconds(mean_us_) + std::max(kSlack, deviations), cap);
}

}  // namespace macula::dht
