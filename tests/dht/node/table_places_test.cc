// Places in a table: which node gets one, which is asked whether it still deserves it, and which is
// remembered.
#include <gtest/gtest.h>

#include <vector>

#include "dht/table/routing_table.h"
#include "tests/dht/contacts.h"

namespace macula::dht {
namespace {

TEST(RoutingTable, TheSubnetLimitIsOfABucketNotOfTheTable) {
  ContactBook book;
  TableRules rules;
  rules.subnet_limit = 3;
  rules.bucket_size = 7;
  RoutingTable table(book, kSelf, rules);
  for (const int bucket : {0, 1, 5}) {
    for (std::uint64_t i = 0; i < 5; ++i) {
      const auto host = static_cast<std::uint32_t>(bucket) * 10 + static_cast<std::uint32_t>(i);
      const Endpoint endpoint = make_ipv4(0x08080800U + host, 9443);
      table.observe(*book.intern({id_in_bucket(kSelf, bucket, i), endpoint, std::nullopt}));
    }
    EXPECT_EQ(table.bucket_entries(static_cast<std::size_t>(bucket)), 3U) << bucket;
  }
  EXPECT_EQ(table.size(), 9U);
  // Nor does a spare come in over it: the place of one that has failed goes to its like.
  const ContactRef first = table.entries().front();
  table.observe(intern(book, id_in_bucket(kSelf, 0, 99)));
  for (unsigned i = 0; i < RoutingTable::kBad; ++i) table.fail(first, kTimeZero);
  EXPECT_EQ(table.bucket_entries(0), 4U);
  EXPECT_EQ(table.violation(), std::nullopt);
}

TEST(RoutingTable, WhoIsPingedNextGoesByNeedThenBySilence) {
  const auto at = [](int minutes) { return kTimeZero + std::chrono::minutes(minutes); };
  ContactBook book;
  RoutingTable table(book, kSelf, 2);
  const auto in = [&](int bucket, std::uint64_t tail) {  // each at an endpoint of its own
    const auto number = 16 * static_cast<std::uint64_t>(bucket) + tail;
    return intern(book, id_in_bucket(kSelf, bucket, number));
  };
  const Time now = at(20);
  // In bucket 0 a newcomer waits for the place of a questionable contact, in 1 there is room for
  // one that was named, 2, 3 and 6 were silent for more than half of the fifteen minutes, 4 less,
  // and somebody of bucket 5 takes longer than it should.
  table.observe(in(0, 1), at(3));
  table.observe(in(0, 2), at(19));
  EXPECT_EQ(table.observe(in(0, 3), now), RoutingTable::Heard::contested);
  table.observe(in(1, 1), at(19));
  table.name(in(1, 2));
  table.observe(in(2, 1), at(8));
  table.observe(in(3, 1), at(9));
  table.observe(in(4, 1), at(13));
  table.observe(in(6, 1), at(7));
  table.observe(in(5, 1), at(19));
  EXPECT_TRUE(table.doubt(in(5, 1)));
  EXPECT_FALSE(table.doubt(in(5, 1)));
  std::vector<ContactRef> order;
  for (ContactRef next = table.to_probe(now, order); next != kNoContact && order.size() < 9;
       next = table.to_probe(now, order)) {
    order.push_back(next);
  }
  EXPECT_EQ(order,
            (std::vector<ContactRef>{in(5, 1), in(0, 1), in(1, 2), in(6, 1), in(2, 1), in(3, 1)}));
  // One contact of a bucket is asked at a time, though two have failed.
  EXPECT_TRUE(table.doubt(in(0, 2)));
  EXPECT_TRUE(table.doubt(in(0, 1)));
  EXPECT_EQ(table.to_probe(now, {in(0, 1), in(5, 1)}), in(1, 2));
}

TEST(RoutingTable, TheNextToBecomeQuestionableIsWhoeverWasSilentForLongest) {
  ContactBook book;
  TableRules rules;
  rules.questionable_after = std::chrono::minutes(11);
  RoutingTable table(book, kSelf, rules);
  EXPECT_EQ(table.next_questionable(kTimeZero), kTimeMax);
  table.observe(intern(book, id_in_bucket(kSelf, 3, 1)), kTimeZero + std::chrono::minutes(4));
  // With few contacts nobody may be silent for so long.
  EXPECT_EQ(table.next_questionable(kTimeZero + std::chrono::minutes(4)),
            kTimeZero + std::chrono::minutes(4) + RoutingTable::kPatienceOfFew);
  table.observe(intern(book, id_in_bucket(kSelf, 0, 2)), kTimeZero + std::chrono::minutes(6));
  for (const int bucket : {4, 5}) {
    table.observe(intern(book, id_in_bucket(kSelf, bucket, static_cast<std::uint64_t>(bucket))),
                  kTimeZero + std::chrono::minutes(7));
  }
  const Time now = kTimeZero + std::chrono::minutes(8);
  EXPECT_EQ(table.next_questionable(now), kTimeZero + std::chrono::minutes(15));
  const Time later = kTimeZero + std::chrono::minutes(16);
  EXPECT_EQ(table.next_questionable(later), later);
}

TEST(RoutingTable, WhoIsMerelyNamedTakesNobodysPlaceAmongTheSpares) {
  ContactBook book;
  RoutingTable table(book, kSelf, 1);
  const auto in = [&](std::uint64_t tail) { return intern(book, id_in_bucket(kSelf, 0, tail)); };
  table.observe(in(1));
  for (std::uint64_t i = 2; i < 2 + RoutingTable::kSpares; ++i) table.observe(in(i));
  table.name(in(9));  // there is no room for it
  // Those that were heard from come in one after another, the newest first.
  for (std::uint64_t i = 1 + RoutingTable::kSpares; i >= 2; --i) {
    const ContactRef entry = table.entries().at(0);
    while (table.contains(entry)) table.fail(entry, kTimeZero);
    EXPECT_EQ(table.entries(), std::vector<ContactRef>{in(i)});
  }
  const ContactRef last = table.entries().at(0);
  while (table.contains(last)) table.fail(last, kTimeZero);
  EXPECT_EQ(table.size(), 0U);
  // One that is dead is no spare for being named.
  ASSERT_TRUE(table.dead().contains(in(1)));
  table.observe(in(20));
  table.name(in(1));
  while (table.contains(in(20))) table.fail(in(20), kTimeZero);
  EXPECT_EQ(table.size(), 0U);
}

TEST(RoutingTable, WhoNeverAnsweredIsNotRememberedAmongTheDead) {
  ContactBook book;
  RoutingTable table(book, kSelf, 5);
  const ContactRef answered = intern(book, id_in_bucket(kSelf, 0, 1));
  table.observe(answered, kTimeZero, HeardAs::answered);
  for (unsigned i = 0; i < RoutingTable::kBad; ++i) table.fail(answered, kTimeZero);
  ASSERT_TRUE(table.dead().contains(answered));
  // Those that only spoke may be many, and cost nobody the place.
  for (std::uint64_t i = 2; i < 2 + 2 * Graveyard::kLimit; ++i) {
    const ContactRef spoke = intern(book, id_in_bucket(kSelf, static_cast<int>(i % 8), i));
    table.observe(spoke, kTimeZero, HeardAs::spoke);
    for (unsigned f = 0; f < RoutingTable::kBad; ++f) table.fail(spoke, kTimeZero);
    EXPECT_FALSE(table.contains(spoke));
    EXPECT_FALSE(table.dead().contains(spoke));
  }
  EXPECT_TRUE(table.dead().contains(answered));
  EXPECT_EQ(table.dead().size(), 1U);
  // Nor is one that has answered at some time, and spoke since.
  table.observe(answered, kTimeZero, HeardAs::answered);
  table.observe(answered, kTimeZero, HeardAs::spoke);
  for (unsigned i = 0; i < RoutingTable::kBad; ++i) table.fail(answered, kTimeZero);
  EXPECT_TRUE(table.dead().contains(answered));
}

}  // namespace
}  // namespace macula::dht
