// A table treats an address that a node claims otherwise than one where it was reached.
#include <gtest/gtest.h>

#include "dht/table/routing_table.h"
#include "tests/dht/contacts.h"
#include "tests/dht/fake_host.h"

namespace macula::dht {
namespace {

TableRules three_to_a_bucket() {
  TableRules rules;
  rules.bucket_size = 3;
  return rules;
}

class ClaimedAddress : public testing::Test {
 protected:
  ClaimedAddress() : table(book, kSelf, three_to_a_bucket(), &host) {}
  ContactRef at(std::uint64_t tail, std::uint32_t address) {
    return *book.intern({id_in_bucket(kSelf, 0, tail), make_ipv4(address, 9443), std::nullopt});
  }
  void claims(ContactRef contact) { host.claimed.push_back(contact); }

  ContactBook book;
  FakeHost host;
  RoutingTable table;
};

TEST_F(ClaimedAddress, DisplacesNobody) {
  const ContactRef victim = at(1, 0x0a000001);
  const ContactRef liar = at(2, 0x0a000001);
  table.observe(victim, kTimeZero);
  claims(liar);
  for (const HeardAs proof : {HeardAs::spoke, HeardAs::answered}) {
    EXPECT_EQ(table.observe(liar, kTimeZero, proof), RoutingTable::Heard::settled);
    EXPECT_TRUE(table.contains(victim));
    EXPECT_FALSE(table.contains(liar));
  }
  // The victim is asked once it has been silent for a while, and stays if it answers.
  const Time later = kTimeZero + 2 * RoutingTable::kClaimed;
  EXPECT_EQ(table.observe(liar, later, HeardAs::spoke), RoutingTable::Heard::contested);
  EXPECT_EQ(table.to_probe(later, {}), victim);
  table.observe(victim, later);
  EXPECT_TRUE(table.is_good(victim, later));
  EXPECT_EQ(table.violation(), std::nullopt);
}

TEST_F(ClaimedAddress, GivesWayToWhomeverIsReachedThere) {
  const ContactRef liar = at(2, 0x0a000001);
  const ContactRef owner = at(1, 0x0a000001);
  claims(liar);
  table.observe(liar, kTimeZero, HeardAs::spoke);
  EXPECT_TRUE(table.contains(liar));  // nobody is known to be there
  table.observe(owner, kTimeZero, HeardAs::spoke);
  EXPECT_TRUE(table.contains(owner));
  EXPECT_FALSE(table.contains(liar));
  // And an entry that was reached, to one that is reached after it.
  const ContactRef next = at(3, 0x0a000001);
  table.observe(next, kTimeZero, HeardAs::spoke);
  EXPECT_TRUE(table.contains(next));
  EXPECT_FALSE(table.contains(owner));
  EXPECT_EQ(table.violation(), std::nullopt);
}

TEST_F(ClaimedAddress, OfTheSameNodeDoesNotReplaceTheOneWhereItWasReached) {
  const ContactRef reached = at(1, 0x0a000001);
  const ContactRef announced = at(1, 0x0a000002);
  table.observe(reached, kTimeZero);
  claims(announced);
  table.observe(announced, kTimeZero, HeardAs::spoke);
  EXPECT_TRUE(table.contains(reached));
  EXPECT_FALSE(table.contains(announced));
  // It has moved: once it is reached there it stands there.
  host.claimed.clear();
  table.observe(announced, kTimeZero, HeardAs::spoke);
  EXPECT_TRUE(table.contains(announced));
  EXPECT_FALSE(table.contains(reached));
}

TEST_F(ClaimedAddress, OfAnEntryKeepsASpareOut) {
  for (std::uint32_t i = 1; i <= 3; ++i) table.observe(at(i, 0x0a000000 + i), kTimeZero);
  table.observe(at(4, 0x0a000005), kTimeZero);  // the bucket is full
  const ContactRef liar =
      *book.intern({id_in_bucket(kSelf, 1, 5), make_ipv4(0x0a000005, 9443), std::nullopt});
  claims(liar);
  table.observe(liar, kTimeZero, HeardAs::spoke);
  EXPECT_TRUE(table.contains(liar));  // nobody is known to be there
  table.fail(at(1, 0x0a000001), kTimeZero);
  EXPECT_EQ(table.fail(at(1, 0x0a000001), kTimeZero), RoutingTable::Failed::vacant);
  EXPECT_EQ(table.violation(), std::nullopt);
}

}  // namespace
}  // namespace macula::dht
