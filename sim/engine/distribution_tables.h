// Logarithm, power and normal quantile in integers: what the distributions are made of.
//
// Tables with linear interpolation between their points; errors are stated with each function and
// tested against libm. The points are in distribution_tables.inc, which distribution_tables.py
// wrote. A packet's fate takes four of them: they are inline.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "base/check.h"
#include "base/hash.h"

namespace macula::sim {

__extension__ using Int128 = __int128;

namespace distribution_tables {

// kLog2Excess[i] is log2(1 + x) - x and kExp2Shortfall[i] is 1 + x - 2^x, both with 35 fractional
// bits, at x = i / 1024: the line itself is exact, only the bend is tabled. kNormalTail[64 * o + s]
// is how many deviations (28 fractional bits) from the mean a tail of (64 + s) / 64 * 2^(o - 65)
// begins.
#include "sim/engine/distribution_tables.inc"

inline constexpr unsigned kBits = 35;      // fractional bits of logarithms and exponents
inline constexpr unsigned kRestBits = 25;  // of them, below the 10 that choose the interval

// At `fraction` (35 bits) between two entries. The bends are flatter than the lines they correct,
// so that truncation cannot make the sum fall where it should rise.
inline std::int64_t interpolate(const std::uint32_t* table, std::int64_t fraction) {
  const std::uint32_t* entry = table + (fraction >> kRestBits);
  const std::int64_t rest = fraction & ((std::int64_t{1} << kRestBits) - 1);
  const std::int64_t step = std::int64_t{entry[1]} - std::int64_t{entry[0]};
  return entry[0] + ((step * rest) >> kRestBits);
}

// log2 of 2^exponent * (1 + fraction / 2^64).
inline std::int64_t log2_of_parts(int exponent, std::uint64_t fraction) {
  const auto line = static_cast<std::int64_t>(fraction >> (64 - kBits));
  return exponent * (std::int64_t{1} << kBits) + line + interpolate(kLog2Excess, line);
}

}  // namespace distribution_tables

// log2(value) with 35 fractional bits; value is at least 1. Off by less than 2e-7.
[[nodiscard]] inline std::int64_t log2_fixed(std::uint64_t value) {
  MACULA_CHECK(value > 0);
  const int zeros = __builtin_clzll(value);
  return distribution_tables::log2_of_parts(63 - zeros, (value << zeros) << 1);
}

// log2((rank + 1/2) / 2^64), the logarithm of the share that 64 uniform bits stand for, with 35
// fractional bits: -65 to just below 0. Off by less than 2e-7.
[[nodiscard]] inline std::int64_t log2_share(std::uint64_t rank) {
  // The odd number 2 * rank + 1, of up to 65 bits, over 2^65.
  const std::uint64_t low_bits = 2 * rank + 1;
  if (rank >> 63 != 0) {
    return distribution_tables::log2_of_parts(-1, low_bits);
  }
  const int zeros = __builtin_clzll(low_bits);
  return distribution_tables::log2_of_parts(-2 - zeros, (low_bits << zeros) << 1);
}

// value * 2^exponent, the exponent with 35 fractional bits, rounded to the nearest; what does not
// fit is the largest number. `value` is not negative. Off by less than 2e-7 of itself.
[[nodiscard]] inline std::int64_t scale_by_power(std::int64_t value, std::int64_t exponent) {
  using distribution_tables::kBits;
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t kLeast = -64 * (std::int64_t{1} << kBits);
  constexpr std::int64_t kMost = 63 * (std::int64_t{1} << kBits);
  if (value == 0 || exponent < kLeast) {
    return 0;
  }
  if (exponent >= kMost) {
    return kMax;
  }
  const std::int64_t line = exponent & ((std::int64_t{1} << kBits) - 1);
  const auto power = static_cast<std::uint64_t>(  // 1 to 2
      (std::int64_t{1} << kBits) + line -
      distribution_tables::interpolate(distribution_tables::kExp2Shortfall, line));
  const int shift = static_cast<int>(kBits) - static_cast<int>(exponent >> kBits);
  const auto factor = static_cast<std::uint64_t>(value);
  // Most delays: with 36 bits of the power it fits 63.
  if (factor >> 27 == 0 && shift > 0 && shift < 63) {
    return static_cast<std::int64_t>((factor * power + (std::uint64_t{1} << (shift - 1))) >> shift);
  }
  const Uint128 product = static_cast<Uint128>(factor) * power;
  const Uint128 result =
      shift <= 0 ? product << -shift : (product + (Uint128{1} << (shift - 1))) >> shift;
  return result > static_cast<Uint128>(kMax) ? kMax : static_cast<std::int64_t>(result);
}
// The same of an exponent that may be longer.
[[nodiscard]] inline std::int64_t scale_by_power(std::int64_t value, Int128 exponent) {
  constexpr Int128 kMost = std::numeric_limits<std::int64_t>::max();
  return scale_by_power(value, static_cast<std::int64_t>(std::clamp(exponent, -kMost, kMost)));
}

// How many standard deviations, with 28 fractional bits, above (or below, if negative) the mean the
// normal quantile of this rank lies: rank 0 is -9.1, the largest 9.1. Off by less than 2e-5.
[[nodiscard]] inline std::int64_t normal_quantile(std::uint64_t rank) {
  const bool below = rank >> 63 == 0;
  const std::uint64_t tail = 2 * (below ? rank : ~rank) + 1;  // over 2^65: less than a half
  const int zeros = __builtin_clzll(tail);
  const std::uint64_t fraction = (tail << zeros) << 1;
  const auto octave = static_cast<std::ptrdiff_t>(63 - zeros);
  const std::uint32_t* entry = distribution_tables::kNormalTail + 64 * octave + (fraction >> 58);
  const auto rest = static_cast<std::int64_t>((fraction << 6) >> 32);
  const std::int64_t step = std::int64_t{entry[1]} - std::int64_t{entry[0]};
  const std::int64_t deviations = entry[0] + ((step * rest) >> 32);
  return below ? -deviations : deviations;
}

}  // namespace macula::sim
