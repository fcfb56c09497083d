#include "sim/net/connection_table.h"

#include <gtest/gtest.h>

#include <vector>

namespace macula::sim {
namespace {

using State = ConnectionTable::State;
using Messages = std::vector<std::uint64_t>;

TEST(ConnectionTable, GoesFromDialToEstablishedForBothEnds) {
  ConnectionTable table;
  const LivingNode a{7, 0};
  const LivingNode b{3, 0};
  EXPECT_EQ(table.state(a, b.node), State::none);
  table.dial(a, b.node);
  EXPECT_EQ(table.state(a, b.node), State::dialling);
  EXPECT_EQ(table.state(b, a.node), State::none);  // it may dial itself
  table.wait(a, b.node, 1);
  table.wait(a, b.node, 2);
  EXPECT_EQ(table.establish(a, b), (Messages{1, 2}));
  EXPECT_EQ(table.state(a, b.node), State::established);
  EXPECT_EQ(table.state(b, a.node), State::established);
  EXPECT_EQ(table.state(a, 4), State::none);
}

TEST(ConnectionTable, CrossingDialsKeepTheirOwnMessages) {
  ConnectionTable table;
  const LivingNode a{1, 0};
  const LivingNode b{2, 0};
  table.dial(a, b.node);
  table.dial(b, a.node);
  table.wait(a, b.node, 1);
  table.wait(b, a.node, 2);
  EXPECT_EQ(table.establish(b, a), (Messages{2}));
  EXPECT_EQ(table.state(a, b.node), State::established);
  EXPECT_EQ(table.establish(a, b), (Messages{1}));
}

TEST(ConnectionTable, ARestartEndsTheConnectionOfThatEnd) {
  for (const NodeNumber peer : {1U, 9U}) {  // below and above in number
    ConnectionTable table;
    const LivingNode a{5, 0};
    const LivingNode b{peer, 2};
    static_cast<void>(table.establish(a, b));
    EXPECT_TRUE(table.peer_knows(a.node, b));
    const LivingNode reborn{peer, 3};
    EXPECT_EQ(table.state(reborn, a.node), State::none);
    EXPECT_EQ(table.state(a, peer), State::established);  // it does not know yet
    EXPECT_FALSE(table.peer_knows(a.node, reborn));
    table.drop(a.node, peer);
    EXPECT_EQ(table.state(a, peer), State::none);
    static_cast<void>(table.establish(a, reborn));
    EXPECT_TRUE(table.peer_knows(a.node, reborn));
    EXPECT_EQ(table.state(reborn, a.node), State::established);
  }
}

TEST(ConnectionTable, ADialBelongsToALifeToo) {
  ConnectionTable table;
  table.dial({1, 0}, 2);
  table.wait({1, 0}, 2, 1);
  EXPECT_EQ(table.state({1, 1}, 2), State::none);
  table.dial({1, 1}, 2);  // takes the place of the former life's
  table.wait({1, 1}, 2, 2);
  EXPECT_EQ(table.establish({1, 1}, {2, 0}), (Messages{2}));
}

TEST(ConnectionTable, AFailedHandshakeReturnsWhatWaited) {
  ConnectionTable table;
  table.dial({1, 0}, 2);
  table.wait({1, 0}, 2, 5);
  EXPECT_EQ(table.fail({1, 0}, 2), (Messages{5}));
  EXPECT_EQ(table.state({1, 0}, 2), State::none);
  EXPECT_TRUE(table.fail({1, 0}, 2).empty());
}

TEST(ConnectionTable, AFailedHandshakeLeavesTheConnectionOfTheOtherEnd) {
  ConnectionTable table;
  table.dial({1, 0}, 2);
  table.wait({1, 0}, 2, 5);
  static_cast<void>(table.establish({2, 0}, {1, 0}));
  EXPECT_EQ(table.fail({1, 0}, 2), (Messages{5}));
  EXPECT_EQ(table.state({1, 0}, 2), State::established);
}

TEST(ConnectionTable, AHandshakeOfAFormerLifeFailsForItselfOnly) {
  ConnectionTable table;
  table.dial({1, 1}, 2);
  table.wait({1, 1}, 2, 5);
  EXPECT_TRUE(table.fail({1, 0}, 2).empty());
  EXPECT_EQ(table.state({1, 1}, 2), State::dialling);
}

}  // namespace
}  // namespace macula::sim
