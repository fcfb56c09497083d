// Distributions of durations, drawn with integers only: the same draw on every machine.
//
//   auto delay = Distribution::uniform(5ms, 40ms);
//   Duration d = delay.sample(random_64_bits);
//
// A draw maps 64 uniform bits to the quantile of that rank, so that a larger number never gives a
// shorter duration: exactly for constant and uniform, by fixed-point tables with linear
// interpolation for the others (relative error below 2e-4, but for the lowest thousandth of
// weibull). A draw too long for a Duration is the longest. No floating point, no <random>: those
// differ between standard libraries. Parameters out of range are a bug: who reads them from a file
// checks.
#pragma once

#include <cstdint>

#include "base/hash.h"
#include "base/time.h"

namespace macula::sim {

// Real parameter in fixed point: 32 fractional bits.
using Fixed = std::int64_t;
inline constexpr Fixed kFixedOne = Fixed{1} << 32;

class Distribution {
 public:
  enum class Kind : std::uint8_t {
    constant,
    uniform,
    normal,
    lognormal,
    exponential,
    weibull,
    pareto
  };

  Distribution() = default;  // constant 0
  static Distribution constant(Duration value);
  // Both ends included; 0 <= low <= high.
  static Distribution uniform(Duration low, Duration high);
  // Cut at 0 from below. The tails reach 9.1 deviations, the most that 64 bits can tell.
  static Distribution normal(Duration mean, Duration deviation);
  // exp(ln(median) + sigma * Z); sigma at most 4.
  static Distribution lognormal(Duration median, Fixed sigma);
  static Distribution exponential(Duration mean);
  // scale * (-ln(1 - p))^(1 / shape); shape above 0. Sessions of peers: shape about 0.5.
  static Distribution weibull(Fixed shape, Duration scale);
  // minimum * (1 - p)^(-1 / shape); shape above 0.
  static Distribution pareto(Fixed shape, Duration minimum);

  // The quantile that 64 uniform bits stand for; never negative.
  [[nodiscard]] Duration sample(std::uint64_t random) const {
    if (kind_ != Kind::uniform) return kind_ == Kind::constant ? Duration{a_} : on_curve(random);
    const auto choices = static_cast<Uint128>(b_ - a_) + 1;
    return Duration{a_ + static_cast<std::int64_t>((choices * random) >> 64)};
  }

  friend bool operator==(const Distribution& a, const Distribution& b) {
    return a.kind_ == b.kind_ && a.a_ == b.a_ && a.b_ == b.b_;
  }

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] bool is_zero() const { return kind_ == Kind::constant && a_ == 0; }
  // First and second parameter, as given to the maker (a Duration in ns, or a Fixed).
  [[nodiscard]] std::int64_t first() const { return a_; }
  [[nodiscard]] std::int64_t second() const { return b_; }

 private:
  // A draw of the kinds that take tables.
  [[nodiscard]] Duration on_curve(std::uint64_t random) const;

  Distribution(Kind kind, std::int64_t a, std::int64_t b) : kind_(kind), a_(a), b_(b) {}

  Kind kind_ = Kind::constant;
  std::int64_t a_ = 0;
  std::int64_t b_ = 0;
};

}  // namespace macula::sim
