#include "sim/engine/distribution_tables.h"

#include <limits>

#include "base/check.h"
#include "base/hash.h"

namespace macula::sim {
namespace {

// kLog2Excess[i] is log2(1 + x) - x and kExp2Shortfall[i] is 1 + x - 2^x, both with 35 fractional
// bits, at x = i / 1024: the line itself is exact, only the bend is tabled. kNormalTail[64 * o + s]
// is how many deviations (28 fractional bits) from the mean a tail of (64 + s) / 64 * 2^(o - 65)
// begins.
#include "sim/engine/distribution_tables.inc"

constexpr unsigned kBits = 35;      // fractional bits of logarithms and exponents
constexpr unsigned kRestBits = 25;  // of them, below the 10 that choose the interval

// At `fraction` (35 bits) between two entries. The bends are flatter than the lines they correct,
// so that truncation cannot make the sum fall where it should rise.
std::int64_t interpolate(const std::uint32_t* table, std::int64_t fraction) {
  const std::uint32_t* entry = table + (fraction >> kRestBits);
  const std::int64_t rest = fraction & ((std::int64_t{1} << kRestBits) - 1);
  const std::int64_t step = std::int64_t{entry[1]} - std::int64_t{entry[0]};
  return entry[0] + ((step * rest) >> kRestBits);
}

// log2 of 2^exponent * (1 + fraction / 2^64).
std::int64_t log2_of_parts(int exponent, std::uint64_t fraction) {
  const auto line = static_cast<std::int64_t>(fraction >> (64 - kBits));
  return exponent * (std::int64_t{1} << kBits) + line + interpolate(kLog2Excess, line);
}

}  // namespace

std::int64_t log2_fixed(std::uint64_t value) {
  MACULA_CHECK(value > 0);
  const int zeros = __builtin_clzll(value);
  return log2_of_parts(63 - zeros, (value << zeros) << 1);
}

std::int64_t log2_share(std::uint64_t rank) {
  // The odd number 2 * rank + 1, of up to 65 bits, over 2^65.
  const std::uint64_t low_bits = 2 * rank + 1;
  if (rank >> 63 != 0) {
    return log2_of_parts(-1, low_bits);
  }
  const int zeros = __builtin_clzll(low_bits);
  return log2_of_parts(-2 - zeros, (low_bits << zeros) << 1);
}

std::int64_t scale_by_power(std::int64_t value, Int128 exponent) {
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  constexpr int kLeast = -64;
  constexpr int kMost = 63;
  if (value == 0 || exponent < Int128{kLeast} * (std::int64_t{1} << kBits)) {
    return 0;
  }
  if (exponent >= Int128{kMost} * (std::int64_t{1} << kBits)) {
    return kMax;
  }
  const auto bits = static_cast<std::int64_t>(exponent);
  const std::int64_t line = bits & ((std::int64_t{1} << kBits) - 1);
  const std::int64_t power =
      (std::int64_t{1} << kBits) + line - interpolate(kExp2Shortfall, line);  // 1 to 2
  const Uint128 product = static_cast<Uint128>(value) * static_cast<std::uint64_t>(power);
  const int shift = static_cast<int>(kBits) - static_cast<int>(bits >> kBits);
  const Uint128 result =
      shift <= 0 ? product << -shift : (product + (Uint128{1} << (shift - 1))) >> shift;
  return result > static_cast<Uint128>(kMax) ? kMax : static_cast<std::int64_t>(result);
}

std::int64_t normal_quantile(std::uint64_t rank) {
  const bool below = rank >> 63 == 0;
  const std::uint64_t tail = 2 * (below ? rank : ~rank) + 1;  // over 2^65: less than a half
  const int zeros = __builtin_clzll(tail);
  const std::uint64_t fraction = (tail << zeros) << 1;
  const auto octave = static_cast<std::ptrdiff_t>(63 - zeros);
  const std::uint32_t* entry = kNormalTail + 64 * octave + (fraction >> 58);
  const auto rest = static_cast<std::int64_t>((fraction << 6) >> 32);
  const std::int64_t step = std::int64_t{entry[1]} - std::int64_t{entry[0]};
  const std::int64_t deviations = entry[0] + ((step * rest) >> 32);
  return below ? -deviations : deviations;
}

}  // namespace macula::sim
