#include "sim/net/partitions.h"

#include <gtest/gtest.h>

namespace macula::sim {
namespace {

TEST(Partitions, NothingIsBlockedWithoutACut) {
  const Partitions partitions;
  EXPECT_FALSE(partitions.blocked(0, 1));
}

TEST(Partitions, ASymmetricCutBlocksBothWays) {
  Partitions partitions;
  partitions.cut({0, 1}, {3}, false);
  for (const NodeNumber a : {0U, 1U}) {
    EXPECT_TRUE(partitions.blocked(a, 3));
    EXPECT_TRUE(partitions.blocked(3, a));
  }
  EXPECT_FALSE(partitions.blocked(0, 1));  // on one side
  EXPECT_FALSE(partitions.blocked(0, 2));  // on neither
  EXPECT_FALSE(partitions.blocked(2, 3));
  EXPECT_FALSE(partitions.blocked(3, 4'000'000));
}

TEST(Partitions, AOneWayCutBlocksOneWay) {
  Partitions partitions;
  partitions.cut({0}, {1, 2}, true);
  EXPECT_TRUE(partitions.blocked(0, 1));
  EXPECT_TRUE(partitions.blocked(0, 2));
  EXPECT_FALSE(partitions.blocked(1, 0));
  EXPECT_FALSE(partitions.blocked(2, 0));
}

TEST(Partitions, CutsAddUpUntilTheHeal) {
  Partitions partitions;
  partitions.cut({0}, {1}, true);
  partitions.cut({1}, {2}, false);
  EXPECT_TRUE(partitions.blocked(0, 1));
  EXPECT_TRUE(partitions.blocked(2, 1));
  EXPECT_FALSE(partitions.blocked(1, 0));
  partitions.heal();
  EXPECT_FALSE(partitions.blocked(0, 1));
  EXPECT_FALSE(partitions.blocked(2, 1));
}

TEST(Partitions, ANodeOnBothSidesIsCutOffFromBoth) {
  Partitions partitions;
  partitions.cut({0, 1}, {1, 2}, false);
  EXPECT_TRUE(partitions.blocked(0, 1));
  EXPECT_TRUE(partitions.blocked(1, 2));
  EXPECT_TRUE(partitions.blocked(0, 2));
}

}  // namespace
}  // namespace macula::sim
