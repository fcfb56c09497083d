#include "sim/engine/zipf.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "sim/engine/random.h"

namespace macula::sim {
namespace {

// The share of each rank, among many draws.
std::vector<double> shares(const Zipf& zipf, std::uint32_t count, std::uint64_t draws) {
  std::vector<double> shares(count);
  RandomStream random(1, "zipf");
  for (std::uint64_t i = 0; i < draws; ++i) shares[zipf.sample(random.next())] += 1;
  for (double& share : shares) share /= static_cast<double>(draws);
  return shares;
}

TEST(Zipf, RanksHaveTheProbabilitiesOfTheLaw) {
  constexpr std::uint32_t kCount = 50;
  constexpr std::uint64_t kDraws = 1'000'000;
  for (const double exponent : {0.0, 0.8, 1.0, 2.5}) {
    const Zipf zipf(kCount, static_cast<Fixed>(exponent * static_cast<double>(kFixedOne)));
    double sum = 0;
    for (std::uint32_t i = 1; i <= kCount; ++i) sum += std::pow(i, -exponent);
    const auto seen = shares(zipf, kCount, kDraws);
    for (std::uint32_t i = 0; i < kCount; ++i) {
      const double share = std::pow(i + 1, -exponent) / sum;
      const double error = std::sqrt(share / static_cast<double>(kDraws));
      EXPECT_NEAR(seen[i], share, 5 * error) << exponent << ", rank " << i;
    }
  }
}

TEST(Zipf, TheEndsOfTheDrawAreTheEndsOfTheRanks) {
  const Zipf zipf(1000, kFixedOne);
  EXPECT_EQ(zipf.sample(0), 0U);
  EXPECT_EQ(zipf.sample(std::numeric_limits<std::uint64_t>::max()), 999U);
  EXPECT_EQ(Zipf(1, kFixedOne).sample(std::numeric_limits<std::uint64_t>::max()), 0U);
}

// A rank whose weight is nothing is never drawn, and nothing lies behind the last.
TEST(Zipf, TheLargestHasRoom) {
  const Zipf zipf(Zipf::kCountMax, 0);
  EXPECT_EQ(zipf.sample(std::numeric_limits<std::uint64_t>::max()), Zipf::kCountMax - 1);
  const Zipf steep(Zipf::kCountMax, Zipf::kExponentMax);
  EXPECT_LT(steep.sample(std::numeric_limits<std::uint64_t>::max()), Zipf::kCountMax);
}

}  // namespace
}  // namespace macula::sim
