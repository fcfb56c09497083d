#include "sim/engine/distribution.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include "sim/engine/random.h"

namespace macula::sim {
namespace {

using std::chrono_literals::operator""min;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""ns;
using std::chrono_literals::operator""s;

constexpr std::uint64_t kLastRank = std::numeric_limits<std::uint64_t>::max();
constexpr std::int64_t kLongest = std::numeric_limits<std::int64_t>::max();

// The meaning of the ranks: the share of draws below (or above) the middle of the rank.
long double share_below(std::uint64_t rank) {
  return (static_cast<long double>(rank) + 0.5L) / 18446744073709551616.0L;
}
long double share_above(std::uint64_t rank) {
  return share_below(~rank);
}

// Every magnitude of either tail, with something random below the leading bit.
std::vector<std::uint64_t> ranks_of_all_magnitudes() {
  std::vector<std::uint64_t> ranks = {0, kLastRank, kLastRank / 2, kLastRank / 2 + 1};
  RandomStream random(1);
  for (unsigned zeros = 0; zeros < 64; ++zeros) {
    for (int i = 0; i < 50; ++i) {
      const std::uint64_t rank = random.next() >> zeros;
      ranks.push_back(rank);
      ranks.push_back(~rank);
    }
  }
  return ranks;
}

// From a deviate back to the share above it: libm has no quantile, but this says how far off one
// is.
long double normal_share_above(long double deviate) {
  return 0.5L * std::erfc(deviate / std::sqrt(2.0L));
}

// The deviate of a rank, by bisection, to the last bit that matters here.
long double normal_deviate(std::uint64_t rank) {
  const bool below = rank <= kLastRank / 2;
  const long double tail = below ? share_below(rank) : share_above(rank);
  long double low = 0;
  long double high = 10;
  for (int i = 0; i < 60; ++i) {
    const long double middle = (low + high) / 2;
    (normal_share_above(middle) > tail ? low : high) = middle;
  }
  return below ? -low : low;
}

void expect_close(const Distribution& distribution, long double relative, long double absolute_ns,
                  const std::function<long double(std::uint64_t)>& quantile_ns) {
  for (const std::uint64_t rank : ranks_of_all_magnitudes()) {
    const long double expected = quantile_ns(rank);
    const auto drawn = static_cast<long double>(distribution.sample(rank).count());
    ASSERT_LE(std::fabs(drawn - expected), relative * expected + absolute_ns)
        << "rank " << rank << ": drawn " << drawn << ", expected " << expected;
  }
}

TEST(Distribution, ConstantIsConstant) {
  EXPECT_TRUE(Distribution{}.is_zero());
  EXPECT_EQ(Distribution{}.sample(12345), 0ns);
  EXPECT_EQ(Distribution::constant(7ms).sample(0), 7ms);
  EXPECT_EQ(Distribution::constant(7ms).sample(kLastRank), 7ms);
  EXPECT_FALSE(Distribution::constant(7ms).is_zero());
}

TEST(Distribution, UniformTakesBothEnds) {
  const auto delay = Distribution::uniform(5ms, 40ms);
  EXPECT_EQ(delay.sample(0), 5ms);
  EXPECT_EQ(delay.sample(kLastRank), 40ms);
  EXPECT_EQ(delay.sample(kLastRank / 2 + 1), 22'500'000ns);
  const auto coin = Distribution::uniform(3ns, 4ns);
  EXPECT_EQ(coin.sample(kLastRank / 2), 3ns);
  EXPECT_EQ(coin.sample(kLastRank / 2 + 1), 4ns);
  EXPECT_EQ(Distribution::uniform(9ns, 9ns).sample(kLastRank), 9ns);
  EXPECT_EQ(Distribution::uniform(0ns, Duration{kLongest}).sample(kLastRank).count(), kLongest);
}

TEST(Distribution, NormalIsCloseToTheCurve) {
  // 10 deviations above 0, so that nothing is cut.
  expect_close(Distribution::normal(10s, 1s), 0, 2e-5L * 1e9L,
               [](std::uint64_t rank) { return 10e9L + 1e9L * normal_deviate(rank); });
}

TEST(Distribution, NormalIsCutAtZero) {
  const auto jitter = Distribution::normal(0ns, 3ms);
  EXPECT_EQ(jitter.sample(0), 0ns);
  EXPECT_EQ(jitter.sample(kLastRank / 4), 0ns);
  EXPECT_GT(jitter.sample(kLastRank / 4 * 3), 2ms);
  EXPECT_EQ(Distribution::normal(2ms, 0ns).sample(kLastRank), 2ms);
}

TEST(Distribution, LognormalIsCloseToTheCurve) {
  for (const int quarters : {1, 4, 16}) {
    const long double sigma = quarters / 4.0L;
    expect_close(Distribution::lognormal(100s, quarters * kFixedOne / 4), 2.5e-5L * sigma + 2e-7L,
                 0.6L, [&](std::uint64_t rank) {
                   return std::fmin(100e9L * std::exp(sigma * normal_deviate(rank)),
                                    static_cast<long double>(kLongest));
                 });
  }
  EXPECT_EQ(Distribution::lognormal(2ms, 0).sample(kLastRank), 2ms);
}

TEST(Distribution, ExponentialIsCloseToTheCurve) {
  expect_close(Distribution::exponential(100s), 0, 2e-7L * 100e9L, [](std::uint64_t rank) {
    return -100e9L *
           (rank > kLastRank / 2 ? std::log(share_above(rank)) : std::log1p(-share_below(rank)));
  });
}

TEST(Distribution, WeibullIsCloseToTheCurve) {
  const auto weibull = Distribution::weibull(kFixedOne * 59 / 100, 41min);
  for (const std::uint64_t rank : ranks_of_all_magnitudes()) {
    if (share_below(rank) < 1e-3L) {
      continue;
    }
    const long double expected = 2460e9L * std::pow(-std::log(share_above(rank)), 1 / 0.59L);
    ASSERT_NEAR(
        static_cast<double>(static_cast<long double>(weibull.sample(rank).count()) / expected), 1.0,
        4e-4)
        << rank;
  }
  EXPECT_LT(weibull.sample(0), 1s);
  // With a shape of 1 it is the exponential.
  for (const std::uint64_t rank : {kLastRank / 10, kLastRank / 2, kLastRank}) {
    const auto expected =
        static_cast<double>(Distribution::exponential(41min).sample(rank).count());
    EXPECT_NEAR(static_cast<double>(Distribution::weibull(kFixedOne, 41min).sample(rank).count()) /
                    expected,
                1.0, 1e-5);
  }
}

TEST(Distribution, ParetoIsCloseToTheCurve) {
  expect_close(Distribution::pareto(2 * kFixedOne, 1s), 5e-7L, 0.6L,
               [](std::uint64_t rank) { return 1e9L / std::sqrt(share_above(rank)); });
}

TEST(Distribution, StopsAtTheLongestDuration) {
  EXPECT_EQ(
      Distribution::lognormal(Duration{kLongest / 2}, 4 * kFixedOne).sample(kLastRank).count(),
      kLongest);
  EXPECT_EQ(Distribution::exponential(Duration{kLongest}).sample(kLastRank).count(), kLongest);
  EXPECT_EQ(Distribution::normal(Duration{kLongest}, Duration{kLongest}).sample(kLastRank).count(),
            kLongest);
  EXPECT_EQ(Distribution::pareto(1, 1ns).sample(kLastRank).count(), kLongest);
  EXPECT_EQ(Distribution::weibull(1, 1ns).sample(kLastRank).count(), kLongest);
  EXPECT_EQ(Distribution::weibull(1, 1s).sample(0).count(), 0);
}

std::vector<Distribution> one_of_each_kind() {
  return {Distribution::constant(3ms),
          Distribution::uniform(1ms, 9ms),
          Distribution::normal(5ms, 2ms),
          Distribution::lognormal(2ms, kFixedOne * 3 / 5),
          Distribution::lognormal(1min, 4 * kFixedOne),
          Distribution::exponential(5min),
          Distribution::weibull(kFixedOne * 59 / 100, 41min),
          Distribution::pareto(kFixedOne * 3 / 2, 10ms)};
}

RC_GTEST_PROP(Distribution, NeverFallsAsTheRankRises, ()) {
  const std::uint64_t rank = *rc::gen::arbitrary<std::uint64_t>();
  const unsigned shift = *rc::gen::inRange(0U, 64U);
  const std::uint64_t low = *rc::gen::element(rank >> shift, ~(rank >> shift));
  const std::uint64_t step = *rc::gen::arbitrary<std::uint64_t>() >> *rc::gen::inRange(0U, 64U);
  const std::uint64_t high = low > kLastRank - step ? kLastRank : low + step;
  for (const Distribution& distribution : one_of_each_kind()) {
    RC_ASSERT(distribution.sample(low) >= 0ns);
    RC_ASSERT(distribution.sample(low) <= distribution.sample(high));
  }
}

// Across each seam of the tables, by the smallest step.
TEST(Distribution, NeverFallsAtASeam) {
  const auto all = one_of_each_kind();
  for (std::uint64_t seam = 1; seam < 1024; ++seam) {
    for (unsigned shift = 0; shift <= 54; shift += 6) {
      const std::uint64_t rank = seam << shift;
      for (const std::uint64_t at : {rank, ~rank}) {
        for (const Distribution& distribution : all) {
          ASSERT_LE(distribution.sample(at - 1), distribution.sample(at)) << at;
        }
      }
    }
  }
}

// Pinned: another value here changes every run there ever was.
TEST(Distribution, DrawsTheSameEverywhere) {
  const std::vector<std::vector<std::int64_t>> expected = {
      {3000000, 3000000, 3000000},
      {5532493, 6966254, 8768022},
      {5461218, 6343650, 5484152},
      {968620, 2740932, 2375947},
      {30073978958, 8536227192432, 4446215412430},
      {146703615561, 418669583343, 79466824292},
      {4072470517719, 1009231493762, 19722163541},
      {13900573, 10113512, 46652778},
  };
  const auto all = one_of_each_kind();
  ASSERT_EQ(expected.size(), all.size());
  for (std::size_t kind = 0; kind < all.size(); ++kind) {
    RandomStream random(kind);
    for (const std::int64_t ns : expected[kind]) {
      EXPECT_EQ(all[kind].sample(random.next()).count(), ns) << "kind " << kind;
    }
  }
}

TEST(Distribution, RefusesParametersOutOfRange) {
  EXPECT_DEATH(Distribution::constant(-1ns), "check failed");
  EXPECT_DEATH(Distribution::uniform(2ns, 1ns), "check failed");
  EXPECT_DEATH(Distribution::uniform(-2ns, 1ns), "check failed");
  EXPECT_DEATH(Distribution::normal(1ns, -1ns), "check failed");
  EXPECT_DEATH(Distribution::lognormal(1ns, 4 * kFixedOne + 1), "check failed");
  EXPECT_DEATH(Distribution::exponential(-1ns), "check failed");
  EXPECT_DEATH(Distribution::weibull(0, 1ns), "check failed");
  EXPECT_DEATH(Distribution::pareto(0, 1ns), "check failed");
}

}  // namespace
}  // namespace macula::sim
