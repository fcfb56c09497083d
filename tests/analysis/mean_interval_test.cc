#include "analysis/mean_interval.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/hash.h"

namespace macula {
namespace {

// t(0.975; 4) is 2.776445 in every table.
TEST(MeanInterval, IsThatOfStudentsTable) {
  const MeanInterval of = mean_interval({1, 2, 3, 4, 5});
  EXPECT_DOUBLE_EQ(of.mean, 3);
  ASSERT_TRUE(of.interval);
  EXPECT_NEAR(of.interval->high - 3, 2.776445 * std::sqrt(2.5 / 5), 1e-6);
  EXPECT_NEAR(3 - of.interval->low, 2.776445 * std::sqrt(2.5 / 5), 1e-6);
}

TEST(MeanInterval, OfOneFigureIsNone) {
  EXPECT_EQ(mean_interval({7}).mean, 7);
  EXPECT_FALSE(mean_interval({7}).interval);
}

// The interval of samples with a known mean holds that mean in 95 of 100.
TEST(MeanInterval, HoldsTheMeanAsOftenAsItSays) {
  constexpr int kTries = 4000;
  int held = 0;
  std::uint64_t draw = 0;
  for (int i = 0; i < kTries; ++i) {
    std::vector<double> figures;
    for (int j = 0; j < 8; ++j) {
      double sum = 0;  // of twelve uniform ones: nearly normal, its mean 6
      for (int k = 0; k < 12; ++k) sum += static_cast<double>(split_mix(draw) >> 11) * 0x1p-53;
      figures.push_back(sum);
    }
    const auto interval = mean_interval(figures).interval;
    held += interval->low <= 6 && 6 <= interval->high ? 1 : 0;
  }
  EXPECT_NEAR(static_cast<double>(held) / kTries, 0.95, 0.015);
}

}  // namespace
}  // namespace macula
