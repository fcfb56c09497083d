// Logarithm, power and normal quantile in integers: what the distributions are made of.
//
// Tables with linear interpolation between their points; errors are stated with each function and
// tested against libm. The points are in distribution_tables.inc, which distribution_tables.py
// wrote.
#pragma once

#include <cstdint>

namespace macula::sim {

__extension__ using Int128 = __int128;

// log2(value) with 35 fractional bits; value is at least 1. Off by less than 2e-7.
[[nodiscard]] std::int64_t log2_fixed(std::uint64_t value);

// log2((rank + 1/2) / 2^64), the logarithm of the share that 64 uniform bits stand for, with 35
// fractional bits: -65 to just below 0. Off by less than 2e-7.
[[nodiscard]] std::int64_t log2_share(std::uint64_t rank);

// value * 2^exponent, the exponent with 35 fractional bits, rounded to the nearest; what does not
// fit is the largest number. `value` is not negative. Off by less than 2e-7 of itself.
[[nodiscard]] std::int64_t scale_by_power(std::int64_t value, Int128 exponent);

// How many standard deviations, with 28 fractional bits, above (or below, if negative) the mean the
// normal quantile of this rank lies: rank 0 is -9.1, the largest 9.1. Off by less than 2e-5.
[[nodiscard]] std::int64_t normal_quantile(std::uint64_t rank);

}  // namespace macula::sim
