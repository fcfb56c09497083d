#include "sim/engine/distribution.h"

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "base/hash.h"
#include "sim/engine/distribution_tables.h"

namespace macula::sim {
namespace {

constexpr unsigned kLogBits = 35;     // of log2_share and scale_by_power
constexpr unsigned kNormalBits = 28;  // of normal_quantile
constexpr unsigned kFixedBits = 32;
constexpr std::uint64_t kLn2 = 0xb17217f7d1cf79abULL;  // ln 2, with 64 fractional bits
constexpr std::int64_t kLog2E = 6'196'328'019;         // 1 / ln 2, with 32 fractional bits

std::int64_t clamp_to_duration(Int128 ns) {
  return static_cast<std::int64_t>(
      std::clamp<Int128>(ns, 0, std::numeric_limits<std::int64_t>::max()));
}

Int128 divide_by_power_of_two(Int128 value, unsigned bits) {
  return (value + (Int128{1} << (bits - 1))) >> bits;
}

// -ln(1 - p), with kLogBits fractional bits.
std::int64_t exponential_quantile(std::uint64_t rank) {
  const auto bits = static_cast<Uint128>(-log2_share(~rank));
  return static_cast<std::int64_t>((bits * kLn2) >> 64);
}

std::int64_t sample_lognormal(std::int64_t median, Fixed sigma, std::uint64_t rank) {
  const Int128 exponent = Int128{sigma} * normal_quantile(rank) * kLog2E;
  // With sigmas of at most 4 and 9.1 deviations it has 42 bits.
  return scale_by_power(
      median, static_cast<std::int64_t>(exponent >> (kFixedBits + kNormalBits + 32 - kLogBits)));
}

std::int64_t sample_weibull(Fixed shape, std::int64_t scale, std::uint64_t rank) {
  const std::int64_t power = exponential_quantile(rank);
  if (power == 0) {
    return 0;
  }
  const std::int64_t log2 =
      log2_fixed(static_cast<std::uint64_t>(power)) - (std::int64_t{kLogBits} << kLogBits);
  return scale_by_power(scale, Int128{log2} * kFixedOne / shape);
}

std::int64_t sample_pareto(Fixed shape, std::int64_t minimum, std::uint64_t rank) {
  return scale_by_power(minimum, -Int128{log2_share(~rank)} * kFixedOne / shape);
}

}  // namespace

Distribution Distribution::constant(Duration value) {
  MACULA_CHECK(value.count() >= 0);
  return {Kind::constant, value.count(), 0};
}

Distribution Distribution::uniform(Duration low, Duration high) {
  MACULA_CHECK(low.count() >= 0 && low <= high);
  return {Kind::uniform, low.count(), high.count()};
}

Distribution Distribution::normal(Duration mean, Duration deviation) {
  MACULA_CHECK(deviation.count() >= 0);
  return {Kind::normal, mean.count(), deviation.count()};
}

Distribution Distribution::lognormal(Duration median, Fixed sigma) {
  MACULA_CHECK(median.count() >= 0 && sigma >= 0 && sigma <= 4 * kFixedOne);
  return {Kind::lognormal, median.count(), sigma};
}

Distribution Distribution::exponential(Duration mean) {
  MACULA_CHECK(mean.count() >= 0);
  return {Kind::exponential, mean.count(), 0};
}

Distribution Distribution::weibull(Fixed shape, Duration scale) {
  MACULA_CHECK(shape > 0 && scale.count() >= 0);
  return {Kind::weibull, shape, scale.count()};
}

Distribution Distribution::pareto(Fixed shape, Duration minimum) {
  MACULA_CHECK(shape > 0 && minimum.count() >= 0);
  return {Kind::pareto, shape, minimum.count()};
}

Duration Distribution::on_curve(std::uint64_t random) const {
  // The kind of jitter that files have most often comes first.
  if (kind_ == Kind::lognormal) return Duration{sample_lognormal(a_, b_, random)};
  switch (kind_) {
    case Kind::normal: {
      const Int128 offset = Int128{b_} * normal_quantile(random);
      return Duration{clamp_to_duration(a_ + divide_by_power_of_two(offset, kNormalBits))};
    }
    case Kind::exponential: {
      const Int128 product = Int128{a_} * exponential_quantile(random);
      return Duration{clamp_to_duration(divide_by_power_of_two(product, kLogBits))};
    }
    case Kind::weibull:
      return Duration{sample_weibull(a_, b_, random)};
    case Kind::pareto:
      return Duration{sample_pareto(a_, b_, random)};
    default:
      break;
  }
  MACULA_CHECK(false);
  return Duration{};
}

}  // namespace macula::sim
