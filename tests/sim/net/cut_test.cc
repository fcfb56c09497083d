#include "sim/net/cut.h"

#include <gtest/gtest.h>

namespace macula::sim {
namespace {

TEST(Cut, BothWaysPartsBothWays) {
  const Cut cut({0, 1}, {3}, /*one_way=*/false);
  for (const NodeNumber a : {0U, 1U}) {
    EXPECT_TRUE(cut.parts(a, 3));
    EXPECT_TRUE(cut.parts(3, a));
  }
  EXPECT_FALSE(cut.parts(0, 1));  // on one side
  EXPECT_FALSE(cut.parts(0, 2));  // on neither
  EXPECT_FALSE(cut.parts(2, 3));
  EXPECT_FALSE(cut.parts(3, 4'000'000));
}

TEST(Cut, OneWayPartsOneWay) {
  const Cut cut({0}, {1, 2}, /*one_way=*/true);
  EXPECT_TRUE(cut.parts(0, 1));
  EXPECT_TRUE(cut.parts(0, 2));
  EXPECT_FALSE(cut.parts(1, 0));
  EXPECT_FALSE(cut.parts(2, 0));
}

TEST(Cut, ANodeOnBothSidesIsPartedFromBoth) {
  const Cut cut({0, 1}, {1, 2}, /*one_way=*/false);
  EXPECT_TRUE(cut.parts(0, 1));
  EXPECT_TRUE(cut.parts(1, 2));
  EXPECT_TRUE(cut.parts(0, 2));
}

}  // namespace
}  // namespace macula::sim
