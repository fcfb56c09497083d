#include "analysis/histogram.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace macula {
namespace {

double off(std::uint64_t measured, double expected) {
  return std::abs(static_cast<double>(measured) - expected) / expected;
}

TEST(Histogram, KnowsSmallNumbersExactly) {
  Histogram hops;
  for (std::uint64_t value = 0; value < 128; ++value) hops.add(value, value + 1);
  const auto bars = hops.bars();
  ASSERT_EQ(bars.size(), 128u);
  for (std::uint64_t value = 0; value < 128; ++value) {
    EXPECT_EQ(bars[value], (Histogram::Bar{value, value + 1}));
  }
}

// The percentiles of 1 to n, and of an exponential distribution by its quantiles, are known.
TEST(Histogram, HasThePercentilesOfKnownDistributions) {
  constexpr std::uint64_t kCount = 100'000;
  Histogram uniform;
  Histogram exponential;
  constexpr double kMean = 5e7;
  for (std::uint64_t i = 1; i <= kCount; ++i) {
    uniform.add(i);
    const double share = (static_cast<double>(i) - 0.5) / kCount;
    exponential.add(static_cast<std::uint64_t>(-kMean * std::log(1 - share)));
  }
  for (const std::uint32_t ppm : {10'000U, 500'000U, 900'000U, 990'000U, 999'000U}) {
    const double share = ppm / 1e6;
    EXPECT_LE(off(uniform.percentile(ppm), share * kCount), Histogram::kError) << ppm;
    EXPECT_LE(off(exponential.percentile(ppm), -kMean * std::log(1 - share)),
              Histogram::kError + 0.001)
        << ppm;
  }
}

RC_GTEST_PROP(Histogram, EveryNumberIsWithinTheStatedError, ()) {
  const auto shift = *rc::gen::inRange(0, 64);
  const auto value = *rc::gen::arbitrary<std::uint64_t>() >> shift;
  Histogram histogram;
  histogram.add(value);
  const std::uint64_t middle = histogram.percentile(500'000);
  const std::uint64_t difference = middle > value ? middle - value : value - middle;
  RC_ASSERT(static_cast<double>(difference) <= Histogram::kError * static_cast<double>(value));
}

// Larger numbers never fall into a smaller bucket.
RC_GTEST_PROP(Histogram, KeepsTheOrder, ()) {
  const auto a = *rc::gen::arbitrary<std::uint64_t>() >> *rc::gen::inRange(0, 64);
  const auto b = *rc::gen::arbitrary<std::uint64_t>() >> *rc::gen::inRange(0, 64);
  Histogram of_a;
  Histogram of_b;
  of_a.add(a);
  of_b.add(b);
  RC_ASSERT((a < b) <= (of_a.percentile(0) <= of_b.percentile(0)));
}

RC_GTEST_PROP(Histogram, OfPartsAddsUpToThatOfAll, (const std::vector<std::uint32_t>& values)) {
  Histogram parts[3];
  Histogram all;
  for (std::size_t i = 0; i < values.size(); ++i) {
    parts[i % 3].add(values[i]);
    all.add(values[i]);
  }
  Histogram merged;
  for (const Histogram& part : parts) merged.merge(part);
  RC_ASSERT(merged.bars() == all.bars());
  RC_ASSERT(merged.count() == values.size());
}

TEST(Histogram, TakesWhatSamplesHold) {
  Samples samples;
  Histogram expected;
  for (const std::int64_t value :
       {std::int64_t{0}, std::int64_t{3}, std::int64_t{3}, std::int64_t{1'000'000},
        std::int64_t{1'000'000}, std::int64_t{4'000'000'000}, std::int64_t{50'000'000'000},
        std::numeric_limits<std::int64_t>::max()}) {
    samples.add(value);
    expected.add(static_cast<std::uint64_t>(value));
  }
  samples.add(-7);
  expected.add(0);
  EXPECT_EQ(histogram_of(samples).bars(), expected.bars());
  EXPECT_EQ(histogram_of(samples).count(), 9u);
}

}  // namespace
}  // namespace macula
