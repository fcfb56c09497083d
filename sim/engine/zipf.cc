#include "sim/engine/zipf.h"

#include <algorithm>

#include "base/check.h"
#include "base/hash.h"
#include "sim/engine/distribution_tables.h"

namespace macula::sim {

Zipf::Zipf(std::uint32_t count, Fixed exponent) {
  MACULA_CHECK(count >= 1 && count <= kCountMax && exponent >= 0 && exponent <= kExponentMax);
  constexpr std::int64_t kFirst = std::int64_t{1} << 43;  // the sum of kCountMax of them fits
  sums_.reserve(count);
  std::uint64_t sum = 0;
  for (std::uint64_t place = 1; place <= count; ++place) {
    const Int128 power = -Int128{log2_fixed(place)} * exponent / kFixedOne;
    sum += static_cast<std::uint64_t>(scale_by_power(kFirst, power));
    sums_.push_back(sum);
  }
}

std::uint32_t Zipf::sample(std::uint64_t random) const {
  const auto wanted =
      static_cast<std::uint64_t>((static_cast<Uint128>(random) * sums_.back()) >> 64);
  const auto found = std::upper_bound(sums_.begin(), sums_.end(), wanted);
  return static_cast<std::uint32_t>(found - sums_.begin());
}

}  // namespace macula::sim
