#include "analysis/sign_flip.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "base/check.h"

namespace macula {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
// Sums that differ by rounding only are equal.
constexpr double kRounding = 1e-9;
constexpr int kBisections = 60;

// SplitMix64: the flips are the same for every sample of one size.
std::uint64_t next_bits(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15ULL;
  std::uint64_t bits = state;
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9ULL;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebULL;
  return bits ^ (bits >> 31);
}

}  // namespace

SignFlip::SignFlip(std::vector<double> differences) : differences_(std::move(differences)) {
  MACULA_CHECK(!differences_.empty());
  for (const double difference : differences_) {
    MACULA_CHECK(std::isfinite(difference));
    scale_ = std::max(scale_, std::abs(difference));
  }
  const auto count = static_cast<double>(differences_.size());
  mean_ = std::accumulate(differences_.begin(), differences_.end(), 0.0) / count;
  if (differences_.size() <= kExact) return;
  std::uint64_t state = differences_.size();
  flips_.resize(kFlips * ((differences_.size() + 63) / 64));
  for (std::uint64_t& word : flips_) word = next_bits(state);
}

double SignFlip::p_value_of_shift(double shift) const {
  const std::size_t count = differences_.size();
  std::vector<double> shifted(differences_);
  for (double& value : shifted) value -= shift;
  double sum = std::accumulate(shifted.begin(), shifted.end(), 0.0);
  const double rounding = kRounding * (scale_ + std::abs(shift)) * static_cast<double>(count);
  const double observed = std::abs(sum) - rounding;
  if (flips_.empty()) {
    // In the order of a Gray code each flip changes one sign. A flip and its opposite are as far
    // from 0, so that the last sign stays.
    const std::uint64_t all = std::uint64_t{1} << (count - 1);
    std::uint64_t as_far = 1;
    for (std::uint64_t i = 1; i < all; ++i) {
      double& changed = shifted[static_cast<std::size_t>(__builtin_ctzll(i))];
      sum -= 2 * changed;
      changed = -changed;
      if (std::abs(sum) >= observed) ++as_far;
    }
    return static_cast<double>(as_far) / static_cast<double>(all);
  }
  const std::size_t words = flips_.size() / kFlips;
  std::size_t as_far = 1;  // itself
  for (std::size_t flip = 0; flip < kFlips; ++flip) {
    double flipped = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t bit = flips_[flip * words + i / 64] >> (i % 64) & 1;
      flipped += bit != 0 ? shifted[i] : -shifted[i];
    }
    if (std::abs(flipped) >= observed) ++as_far;
  }
  return static_cast<double>(as_far) / static_cast<double>(kFlips + 1);
}

// Between a shift that is not rejected and one that is.
double SignFlip::bound(double level, double inside, double outside) const {
  if (p_value_of_shift(outside) > level) return outside > inside ? kInfinity : -kInfinity;
  for (int i = 0; i < kBisections && std::abs(outside - inside) > kRounding * scale_; ++i) {
    const double middle = inside + (outside - inside) / 2;
    (p_value_of_shift(middle) > level ? inside : outside) = middle;
  }
  return outside;
}

Interval SignFlip::interval(double level) const {
  if (scale_ == 0) return {0, 0};
  // Shifted beyond all of them, they have one sign, and no mean is further from 0.
  const auto [low, high] = std::minmax_element(differences_.begin(), differences_.end());
  const double margin = kRounding * scale_ * 1e3;
  return {bound(level, mean_, *low - margin), bound(level, mean_, *high + margin)};
}

std::vector<double> holm(const std::vector<double>& p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> adjusted(p_values.size());
  double least = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto left = static_cast<double>(order.size() - i);
    least = std::max(least, std::min(1.0, left * p_values[order[i]]));
    adjusted[order[i]] = least;
  }
  return adjusted;
}

double alpha_spent(double alpha, double share) {
  MACULA_CHECK(share > 0 && share <= 1);
  const boost::math::normal normal;
  const double bound = boost::math::quantile(normal, 1 - alpha / 2) / std::sqrt(share);
  return 2 * boost::math::cdf(boost::math::complement(normal, bound));
}

}  // namespace macula
