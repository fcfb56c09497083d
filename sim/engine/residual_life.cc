#include "sim/engine/residual_life.h"

#include <algorithm>

namespace macula::sim {
namespace {

constexpr unsigned kStepBits = 6;        // 64 intervals in each halving of the upper tail
constexpr unsigned kLowerHalfBits = 10;  // 1024 in the lower half

}  // namespace

ResidualLife::ResidualLife(const Distribution& life) : life_(life) {
  constexpr std::uint64_t kHalf = std::uint64_t{1} << 63;
  constexpr std::uint64_t kLowerWidth = kHalf >> kLowerHalfBits;
  for (std::uint64_t first = 0; first < kHalf; first += kLowerWidth) add(first, kLowerWidth);
  // The upper half by the share above: from a half to a quarter, from there to an eighth, ..
  for (unsigned bits = 62; bits >= kStepBits; --bits) {
    const std::uint64_t width = std::uint64_t{1} << (bits - kStepBits);
    const std::uint64_t begin = std::uint64_t{0} - (std::uint64_t{2} << bits);
    for (std::uint64_t i = 0; i < (std::uint64_t{1} << kStepBits); ++i) {
      add(begin + i * width, width);
    }
  }
  constexpr std::uint64_t kLast = std::uint64_t{1} << kStepBits;
  add(std::uint64_t{0} - kLast, kLast);
}

void ResidualLife::add(std::uint64_t first, std::uint64_t width) {
  const auto length = static_cast<std::uint64_t>(life_.sample(first + width / 2).count());
  if (length == 0) return;
  intervals_.push_back({first, length, total_});
  total_ += static_cast<Uint128>(length) * width;
}

Duration ResidualLife::sample(std::uint64_t which, std::uint64_t where) const {
  if (intervals_.empty()) return Duration{0};
  // total * which / 2^64, in two parts, each of which fits.
  const Uint128 high = (total_ >> 64) * which;
  const Uint128 low = (static_cast<Uint128>(static_cast<std::uint64_t>(total_)) * which) >> 64;
  const Uint128 wanted = high + low;
  const auto after = std::upper_bound(
      intervals_.begin(), intervals_.end(), wanted,
      [](Uint128 sum, const Interval& interval) { return sum < interval.sum_before; });
  const Interval& interval = *(after - 1);
  const std::uint64_t rank =
      interval.first + static_cast<std::uint64_t>((wanted - interval.sum_before) / interval.length);
  const auto life = static_cast<Uint128>(life_.sample(rank).count());
  return Duration{static_cast<std::int64_t>((life * where) >> 64)};
}

}  // namespace macula::sim
