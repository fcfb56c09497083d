#include "analysis/samples.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "base/hash.h"

namespace macula {
namespace {

// Nearest-rank by the book: the value at place ceil(share * count), counted from 1.
std::int64_t sorted_percentile(std::vector<std::int64_t> values, std::uint64_t ppm) {
  std::sort(values.begin(), values.end());
  const std::uint64_t place = (ppm * values.size() + 999'999) / 1'000'000;
  return values[place == 0 ? 0 : place - 1];
}

Samples samples_of(const std::vector<std::int64_t>& values) {
  Samples samples;
  for (const std::int64_t value : values) {
    samples.add(value);
  }
  return samples;
}

TEST(Samples, HasNothingAtFirst) {
  const Samples samples;
  EXPECT_TRUE(samples.empty());
  EXPECT_EQ(samples.count(), 0U);
  EXPECT_DEATH(static_cast<void>(samples.min()), "check failed");
  EXPECT_DEATH(static_cast<void>(samples.mean()), "check failed");
  EXPECT_DEATH(static_cast<void>(samples.percentile(500'000)), "check failed");
}

TEST(Samples, KnowsTheTextbookExample) {
  const Samples samples = samples_of({15, 20, 35, 40, 50});
  EXPECT_EQ(samples.percentile(50'000), 15);
  EXPECT_EQ(samples.percentile(300'000), 20);
  EXPECT_EQ(samples.percentile(400'000), 20);
  EXPECT_EQ(samples.percentile(500'000), 35);
  EXPECT_EQ(samples.percentile(1'000'000), 50);
  EXPECT_EQ(samples.percentile(0), 15);
  EXPECT_EQ(samples.mean(), 32.0);
  EXPECT_EQ(samples.min(), 15);
  EXPECT_EQ(samples.max(), 50);
}

TEST(Samples, HoldsTheEndsOfTheRange) {
  constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  const Samples samples = samples_of({kMax, kMax, kMax, kMin});
  EXPECT_EQ(samples.percentile(250'000), kMin);
  EXPECT_EQ(samples.percentile(250'001), kMax);
  EXPECT_EQ(samples.mean(), 4611686018427387904.0);  // a sum of 64 bits would have run over
}

TEST(Samples, TellsApartTheEdgesOfItsRooms) {
  const std::vector<std::int64_t> values = {-1,        0,         255,        256,       999'999,
                                            1'000'000, 1'000'001, 4294967295, 4294967296};
  const Samples samples = samples_of(values);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto ppm = static_cast<std::uint32_t>((i * 2 + 1) * 1'000'000 / (2 * values.size()));
    EXPECT_EQ(samples.percentile(ppm), values[i]);
  }
}

RC_GTEST_PROP(Samples, AgreesWithSorting, ()) {
  // Values of every size: small counts, shares, 32 bits, 64 bits, negative.
  const auto values = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::int64_t>>(
      rc::gen::oneOf(rc::gen::inRange<std::int64_t>(-3, 300),
                     rc::gen::inRange<std::int64_t>(999'998, 1'000'003),
                     rc::gen::inRange<std::int64_t>(0, std::int64_t{1} << 33),
                     rc::gen::arbitrary<std::int64_t>())));
  // Collected in two places, and put together.
  const auto apart = values.begin() + *rc::gen::inRange<std::ptrdiff_t>(0, std::ssize(values) + 1);
  Samples samples = samples_of({values.begin(), apart});
  Samples others = samples_of({apart, values.end()});
  samples.take(std::move(others));
  RC_ASSERT(others.empty());
  RC_ASSERT(samples.count() == values.size());
  RC_ASSERT(samples.min() == *std::min_element(values.begin(), values.end()));
  RC_ASSERT(samples.max() == *std::max_element(values.begin(), values.end()));
  const auto ppm = *rc::gen::inRange<std::uint32_t>(0, 1'000'001);
  RC_ASSERT(samples.percentile(ppm) == sorted_percentile(values, ppm));
}

// More than a chunk of each kind, and memory as promised.
TEST(Samples, AgreesWithSortingAtLength) {
  std::vector<std::int64_t> values;
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    const std::uint64_t bits = mix(i, 1);
    const std::uint64_t width = i % 3 == 0 ? 8 : i % 3 == 1 ? 32 : 40;
    values.push_back(static_cast<std::int64_t>(bits >> (64 - width)));
  }
  Samples samples = samples_of({values.begin(), values.begin() + 30'000});
  samples.take(samples_of({values.begin() + 30'000, values.end()}));
  for (const std::uint32_t ppm : {0U, 1'000U, 333'333U, 400'000U, 500'000U, 900'000U, 999'999U}) {
    EXPECT_EQ(samples.percentile(ppm), sorted_percentile(values, ppm)) << ppm;
  }
  EXPECT_LT(samples.reserved(), std::size_t{100'000} * (4 + 8) / 3 + std::size_t{64} * 1024);
  std::int64_t sum = 0;
  for (const std::int64_t value : values) {
    sum += value;
  }
  EXPECT_NEAR(samples.mean(), static_cast<double>(sum) / 100'000, 1e-3);
}

}  // namespace
}  // namespace macula
