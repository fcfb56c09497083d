// A value far from the rest has a score that says so, whatever the scale.
#include "analysis/outliers.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace macula {
namespace {

// The median of the distances is 1: a score is the distance over 1.4826.
TEST(Outliers, AScoreIsTheDistanceFromTheMedianOverItsUsualSize) {
  const Scores scores = robust_scores({10, 11, 9, 12, 60});
  EXPECT_EQ(scores.median, 11);
  EXPECT_NEAR(scores.of[4], 49 / 1.4826, 1e-9);
  EXPECT_NEAR(scores.of[2], -2 / 1.4826, 1e-9);
  EXPECT_LT(scores.of[3], kOutlier);
}

TEST(Outliers, OfAnEvenNumberTheMedianLiesBetween) {
  EXPECT_EQ(robust_scores({4, 1, 3, 2}).median, 2.5);
}

// The median of the distances is 0 here, and says nothing.
TEST(Outliers, ASingleOneAmongAlikeStandsOut) {
  std::vector<double> values(30, 5.0);
  values[7] = 6;
  const Scores scores = robust_scores(values);
  EXPECT_GT(scores.of[7], kOutlier);
  EXPECT_EQ(scores.of[8], 0);
}

TEST(Outliers, OfAllAlikeNoneDoes) {
  EXPECT_EQ(robust_scores({3, 3, 3}).of, std::vector<double>(3, 0.0));
  EXPECT_TRUE(robust_scores({}).of.empty());
}

RC_GTEST_PROP(Outliers, ScaleAndOriginDoNotMatter, (const std::vector<int>& values)) {
  std::vector<double> some;
  std::vector<double> scaled;
  for (const int value : values) {
    some.push_back(value % 1000);
    scaled.push_back(8.0 * (value % 1000) + 1024);
  }
  const Scores a = robust_scores(some);
  const Scores b = robust_scores(scaled);
  for (std::size_t i = 0; i < some.size(); ++i) RC_ASSERT(std::abs(a.of[i] - b.of[i]) < 1e-6);
}

}  // namespace
}  // namespace macula
