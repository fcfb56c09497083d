#include "sim/net/medium.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "sim/net/cut.h"

namespace macula::sim {
namespace {

class MediumTest : public testing::Test {
 protected:
  MediumTest() : medium(model, 1) {
    for (const char* name : {"a", "b", "c"}) medium.links().add_node(name, "", "");
  }
  std::size_t cut(NodeNumber a, NodeNumber b, bool one_way) {
    return medium.add(std::make_shared<Cut>(std::vector{a}, std::vector{b}, one_way));
  }
  bool stops(NodeNumber from, NodeNumber to) {
    return medium.fate({from, to, kTimeZero, 100}).stopped;
  }

  LinkModel model;
  Medium medium;
};

TEST_F(MediumTest, NothingIsStoppedWithoutARule) {
  EXPECT_FALSE(stops(0, 1));
  EXPECT_FALSE(medium.parts(0, 1));
  EXPECT_TRUE(medium.standing().empty());
}

TEST_F(MediumTest, RulesAddUpAndEndOneByOne) {
  const std::size_t first = cut(0, 1, true);
  const std::size_t second = cut(1, 2, false);
  EXPECT_EQ(medium.standing(), (std::vector{first, second}));
  EXPECT_TRUE(stops(0, 1));
  EXPECT_TRUE(stops(2, 1));
  EXPECT_FALSE(stops(1, 0));
  EXPECT_TRUE(medium.parts(0, 1));
  medium.remove(first);
  EXPECT_FALSE(stops(0, 1));
  EXPECT_FALSE(medium.parts(0, 1));
  EXPECT_TRUE(stops(2, 1));
  EXPECT_EQ(medium.standing(), std::vector{second});
}

TEST_F(MediumTest, EveryRuleCountsWhatItStopsAndTellsItAfterItsEnd) {
  const std::size_t first = cut(0, 1, true);
  const std::size_t second = cut(0, 1, false);
  const std::size_t other = cut(0, 2, false);
  EXPECT_TRUE(stops(0, 1));
  EXPECT_TRUE(stops(1, 0));
  EXPECT_TRUE(medium.shared_fate({0, 1, kTimeZero, 100}).stopped);
  medium.remove(first);
  EXPECT_EQ(medium.stopped(first), 2U);
  EXPECT_EQ(medium.stopped(second), 3U);
  EXPECT_EQ(medium.stopped(other), 0U);
  EXPECT_EQ(cut(1, 2, true), other + 1);  // numbers are not used again
}

}  // namespace
}  // namespace macula::sim
