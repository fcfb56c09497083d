#include "sim/net/connection_table.h"

#include <gtest/gtest.h>

namespace macula::sim {
namespace {

TEST(ConnectionTable, FindsAConnectionFromBothEnds) {
  ConnectionTable table;
  EXPECT_EQ(table.find(7, 3), kNoSlot);
  const std::uint32_t slot = table.add({7, 2}, {3, 5});
  EXPECT_EQ(table.find(7, 3), slot);
  EXPECT_EQ(table.find(3, 7), slot);
  EXPECT_EQ(table.find(7, 4), kNoSlot);
  EXPECT_TRUE(table[slot].belongs_to({7, 2}));
  EXPECT_TRUE(table[slot].belongs_to({3, 5}));
  EXPECT_FALSE(table[slot].belongs_to({3, 6}));  // it has restarted
}

TEST(ConnectionTable, KnowsWhichEndHasDialled) {
  ConnectionTable table;
  for (const NodeNumber peer : {1U, 9U}) {  // below and above in number
    const Connection& connection = table[table.add({5, 0}, {peer, 0})];
    EXPECT_EQ(connection.dialler, connection.side(5));
    EXPECT_EQ(connection.samples[connection.side(5)], 0);
    EXPECT_EQ(connection.samples[connection.side(peer)], 1);
  }
}

TEST(ConnectionTable, ForgetsWhatIsRemovedWithItsTrouble) {
  ConnectionTable table;
  const std::uint32_t slot = table.add({1, 0}, {2, 0});
  EXPECT_EQ(table.trouble_if_any(slot), nullptr);
  table.trouble(slot).recovery[0].probes = 3;
  EXPECT_EQ(table.trouble(slot).recovery[0].probes, 3U);
  const std::uint32_t generation = table.generation(slot);
  table.remove(slot);
  EXPECT_EQ(table.find(1, 2), kNoSlot);
  const std::uint32_t next = table.add({1, 1}, {2, 0});
  EXPECT_NE(table.generation(next), generation);
  EXPECT_EQ(table.trouble_if_any(next), nullptr);
  EXPECT_EQ(table.trouble(next).recovery[0].probes, 0U);
}

}  // namespace
}  // namespace macula::sim
