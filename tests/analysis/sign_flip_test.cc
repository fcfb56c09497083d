#include "analysis/sign_flip.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace macula {
namespace {

// The heights of crossed and self-fertilised maize of each of Darwin's pots, in eighths of an inch.
// 1 726 of the 32 768 flips give a sum as far from 0 (Fisher, 1935, section 21: 863 on each side).
const std::vector<double> kMaize{49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48};

TEST(SignFlip, CountsAsFisherDid) {
  const SignFlip test(kMaize);
  EXPECT_DOUBLE_EQ(test.mean(), 314.0 / 15);
  EXPECT_DOUBLE_EQ(test.p_value(), 1726.0 / 32768);
}

TEST(SignFlip, TheIntervalHoldsTheShiftsThatAreNotRejected) {
  const SignFlip test(kMaize);
  const Interval interval = test.interval(0.05);
  EXPECT_LT(interval.low, 0);  // 0 is not rejected: 1726 of 32 768 are more than 5 %
  EXPECT_GT(interval.low, -1);
  const auto p_of = [](double shift) {
    std::vector<double> shifted = kMaize;
    for (double& value : shifted) value -= shift;
    return SignFlip(shifted).p_value();
  };
  EXPECT_LE(p_of(interval.low - 0.01), 0.05);
  EXPECT_GT(p_of(interval.low + 0.01), 0.05);
  EXPECT_GT(p_of(interval.high - 0.01), 0.05);
  EXPECT_LE(p_of(interval.high + 0.01), 0.05);
}

TEST(SignFlip, FewDifferencesBoundNothing) {
  const SignFlip five({1, 2, 3, 4, 5});
  EXPECT_DOUBLE_EQ(five.p_value(), 1.0 / 16);
  EXPECT_EQ(five.interval(0.05).low, -INFINITY);
  EXPECT_EQ(five.interval(0.05).high, INFINITY);
  const SignFlip six({1, 2, 3, 4, 5, 6});
  EXPECT_DOUBLE_EQ(six.p_value(), 1.0 / 32);
  EXPECT_NEAR(six.interval(0.05).low, 1, 1e-3);
}

TEST(SignFlip, EqualsAreNoDifference) {
  const SignFlip none(std::vector<double>(10, 0.0));
  EXPECT_EQ(none.p_value(), 1);
  EXPECT_EQ(none.interval(0.05).low, 0);
  EXPECT_EQ(none.interval(0.05).high, 0);
  // Sums that differ by rounding only are as far.
  EXPECT_EQ(SignFlip({0.1, 0.2, -0.3}).p_value(), 1);
}

// A test of 5 % raises a false alarm in 5 % of trials, and its interval misses as often; both above
// and below the number of differences of which all flips are tried.
TEST(SignFlip, FalseAlarmsAreAsManyAsStated) {
  std::mt19937_64 random(7);
  for (const auto& [count, trials] : {std::pair(12, 2000), std::pair(30, 400)}) {
    std::normal_distribution<double> noise(3, 2);
    int alarms = 0;
    int missed = 0;
    for (int trial = 0; trial < trials; ++trial) {
      std::vector<double> differences;
      std::vector<double> centred;
      for (int i = 0; i < count; ++i) {
        differences.push_back(noise(random));
        centred.push_back(differences.back() - 3);
      }
      alarms += SignFlip(centred).p_value() <= 0.05 ? 1 : 0;
      if (trial % 20 != 0) continue;
      const Interval interval = SignFlip(differences).interval(0.05);
      missed += interval.low > 3 || interval.high < 3 ? 1 : 0;
    }
    const double error = std::sqrt(0.05 * 0.95 / trials);
    EXPECT_NEAR(static_cast<double>(alarms) / trials, 0.05, 4 * error) << count;
    EXPECT_LE(static_cast<double>(missed) / (trials / 20.0), 0.05 + 4 * error * std::sqrt(20.0));
  }
}

TEST(Holm, StepsDown) {
  const std::vector<double> adjusted = holm({0.01, 0.04, 0.03, 0.005});
  EXPECT_DOUBLE_EQ(adjusted[3], 0.02);
  EXPECT_DOUBLE_EQ(adjusted[0], 0.03);
  EXPECT_DOUBLE_EQ(adjusted[2], 0.06);
  EXPECT_DOUBLE_EQ(adjusted[1], 0.06);  // never below one that was smaller
  EXPECT_EQ(holm({0.9, 0.8}), (std::vector<double>{1, 1}));
  EXPECT_TRUE(holm({}).empty());
}

// Lan and DeMets (1983), table 1 of its function for O'Brien and Fleming's bounds.
TEST(AlphaSpent, IsNextToNothingAtFirst) {
  EXPECT_NEAR(alpha_spent(0.05, 1), 0.05, 1e-12);
  EXPECT_NEAR(alpha_spent(0.05, 0.5), 0.00557, 1e-5);
  EXPECT_NEAR(alpha_spent(0.05, 0.25), 0.0000888, 1e-6);
}

}  // namespace
}  // namespace macula
