// Ranks drawn by popularity: rank r of `count`, from 0, with a probability in proportion to
// 1 / (r + 1)^exponent (G. K. Zipf, Human Behavior and the Principle of Least Effort, 1949). With
// an exponent near 1 it is what is measured of keys in caches and file sharing (L. Breslau et al.,
// Web Caching and Zipf-like Distributions, INFOCOM 1999: 0.64 to 0.83).
//
//   const Zipf zipf(200, kFixedOne);
//   std::uint32_t rank = zipf.sample(random_64_bits);
//
// In integers, as all draws: the same on every machine. The weight of a rank is off by less than
// 1e-6 of itself. Memory: 8 bytes a rank.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/engine/distribution.h"

namespace macula::sim {

class Zipf {
 public:
  static constexpr std::uint32_t kCountMax = 1'000'000;
  static constexpr Fixed kExponentMax = 4 * kFixedOne;

  // `count` from 1 to kCountMax, `exponent` from 0 (all alike) to kExponentMax.
  Zipf(std::uint32_t count, Fixed exponent);

  [[nodiscard]] std::uint32_t sample(std::uint64_t random) const;

 private:
  std::vector<std::uint64_t> sums_;  // of the weights of this rank and those before it
};

}  // namespace macula::sim
