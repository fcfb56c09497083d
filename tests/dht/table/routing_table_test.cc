#include "dht/table/routing_table.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "tests/dht/contacts.h"
#include "tests/durations.h"

namespace macula::dht {
namespace {

std::vector<ContactRef> closest(const RoutingTable& table, const NodeId& target, std::size_t k) {
  std::vector<ContactRef> found;
  table.closest(target, k, [&](ContactRef ref) { found.push_back(ref); });
  return found;
}

// Deep buckets as likely as the far half: a uniform id would hardly ever fill bucket 10.
NodeId any_id_around_self() {
  const int bucket = *rc::gen::inRange(0, 40) == 0 ? 256 : *rc::gen::inRange(0, 12) * 21;
  return id_in_bucket(kSelf, bucket, *rc::gen::inRange<std::uint64_t>(0, 8));
}

TableRules rules_of(std::size_t bucket_size, bool evict) {
  TableRules rules;
  rules.bucket_size = bucket_size;
  rules.evict = evict;
  return rules;
}

// The table of Macula 0.8, written plainly.
class Model {
 public:
  Model(const ContactBook& book, std::size_t bucket_size)
      : book_(book), bucket_size_(bucket_size) {}

  void observe(ContactRef contact) {
    const int index = bucket_index(kSelf, book_.id(contact));
    if (index == 256) return;
    auto& bucket = buckets_[index];
    const auto known = std::find_if(bucket.begin(), bucket.end(), [&](ContactRef other) {
      return book_.id(other) == book_.id(contact);
    });
    if (known != bucket.end()) {
      bucket.erase(known);
    } else if (bucket.size() == bucket_size_) {
      return;
    }
    bucket.push_back(contact);
  }
  void remove(ContactRef contact) {
    auto& bucket = buckets_[bucket_index(kSelf, book_.id(contact))];
    bucket.erase(std::remove(bucket.begin(), bucket.end(), contact), bucket.end());
  }
  std::vector<ContactRef> entries() const {
    std::vector<ContactRef> entries;
    for (const auto& [index, bucket] : buckets_) {
      entries.insert(entries.end(), bucket.begin(), bucket.end());
    }
    return entries;
  }

 private:
  const ContactBook& book_;
  std::size_t bucket_size_;
  std::map<int, std::vector<ContactRef>> buckets_;
};

TEST(RoutingTable, KeepsOldestToNewestAndMakesTheNewcomerWait) {
  ContactBook book;
  RoutingTable table(book, kSelf, 3);
  std::vector<ContactRef> far;
  for (std::uint64_t i = 0; i < 4; ++i) far.push_back(intern(book, id_in_bucket(kSelf, 0, i)));
  const ContactRef near = intern(book, id_in_bucket(kSelf, 9, 9));
  for (const ContactRef contact : far) table.observe(contact);
  table.observe(near);
  EXPECT_EQ(table.entries(), (std::vector<ContactRef>{far[0], far[1], far[2], near}));
  EXPECT_FALSE(table.contains(far[3]));
  table.observe(far[0]);
  EXPECT_EQ(table.entries(), (std::vector<ContactRef>{far[1], far[2], far[0], near}));
  table.remove(far[1]);
  table.observe(far[3]);
  EXPECT_EQ(table.entries(), (std::vector<ContactRef>{far[2], far[0], far[3], near}));
  EXPECT_EQ(table.bucket_count(), 10U);
  EXPECT_EQ(table.bucket_entries(0), 3U);
  EXPECT_EQ(table.bucket_entries(9), 1U);
  EXPECT_EQ(table.bucket_entries(200), 0U);
}

TEST(RoutingTable, NeverHoldsItsOwner) {
  ContactBook book;
  RoutingTable table(book, kSelf, 20);
  const ContactRef self = intern(book, kSelf);
  table.observe(self);
  table.remove(self);
  EXPECT_EQ(table.size(), 0U);
  EXPECT_FALSE(table.contains(self));
}

TEST(RoutingTable, ANewAddressReplacesTheOldOne) {
  ContactBook book;
  RoutingTable table(book, kSelf, 2);
  const NodeId id = id_in_bucket(kSelf, 0, 1);
  const ContactRef before = *book.intern({id, numbered_endpoint(1), std::nullopt});
  const ContactRef other = intern(book, id_in_bucket(kSelf, 0, 2));
  const ContactRef after = *book.intern({id, numbered_endpoint(2), std::nullopt});
  table.observe(before);
  table.observe(other);
  table.observe(after);  // the bucket is full, but the id is known
  EXPECT_EQ(table.entries(), (std::vector<ContactRef>{other, after}));
}

TEST(RoutingTable, ClosestOfAnEmptyTableIsNothing) {
  ContactBook book;
  const RoutingTable table(book, kSelf, 20);
  EXPECT_TRUE(closest(table, kSelf, 20).empty());
  EXPECT_TRUE(closest(table, NodeId{}, 0).empty());
}

RC_GTEST_PROP(RoutingTableProperty, WithoutEvictionIsThePlainTableWhateverHappens, ()) {
  ContactBook book;
  const std::size_t bucket_size = *rc::gen::inRange<std::size_t>(1, 6);
  RoutingTable table(book, kSelf, rules_of(bucket_size, false));
  Model model(book, bucket_size);
  std::vector<ContactRef> seen;
  const int steps = *rc::gen::inRange(0, 120);
  for (int step = 0; step < steps; ++step) {
    if (!seen.empty() && *rc::gen::inRange(0, 4) == 0) {
      const ContactRef contact = *rc::gen::elementOf(seen);
      table.remove(contact);
      model.remove(contact);
    } else {
      const Endpoint address = numbered_endpoint(*rc::gen::inRange<std::uint64_t>(0, 2));
      const ContactRef contact = *book.intern({any_id_around_self(), address, std::nullopt});
      seen.push_back(contact);
      table.observe(contact);
      model.observe(contact);
    }
    EXPECT_EQ(table.violation(), std::nullopt);
    RC_ASSERT(table.entries() == model.entries());
  }
  for (const ContactRef contact : seen) {
    const auto& entries = table.entries();
    const bool in = std::find(entries.begin(), entries.end(), contact) != entries.end();
    RC_ASSERT(table.contains(contact) == in);
  }
}

// ----- eviction -----

ContactRef far(ContactBook& book, std::uint64_t tail) {
  return *book.intern({id_in_bucket(kSelf, 0, tail),
                       make_ipv4(0x0b000000U + (static_cast<std::uint32_t>(tail) << 8), 9443),
                       std::nullopt});
}

TEST(RoutingTable, ABadContactLeavesAtOnceAndTheNewestSpareTakesItsPlace) {
  ContactBook book;
  RoutingTable table(book, kSelf, 2);
  for (std::uint64_t i = 0; i < 4; ++i) table.observe(far(book, i));
  EXPECT_EQ(table.fail(far(book, 0), kTimeZero),
            RoutingTable::Failed::stays);  // once is not enough
  EXPECT_EQ(table.fail(far(book, 0), kTimeZero), RoutingTable::Failed::replaced);
  EXPECT_EQ(table.entries(), (std::vector<ContactRef>{far(book, 3), far(book, 1)}));
  EXPECT_TRUE(table.dead().contains(far(book, 0)));
  EXPECT_EQ(table.violation(), std::nullopt);
}

TEST(RoutingTable, WhoAnswersHasNotFailed) {
  ContactBook book;
  RoutingTable table(book, kSelf, 2);
  table.observe(far(book, 0));
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(table.fail(far(book, 0), kTimeZero), RoutingTable::Failed::stays);
    table.observe(far(book, 0));
  }
  EXPECT_TRUE(table.contains(far(book, 0)));
}

TEST(RoutingTable, ABadContactLeavesEvenWithNobodyToTakeItsPlaceAndComesBackWhenHeardFrom) {
  ContactBook book;
  RoutingTable table(book, kSelf, 20);
  table.observe(far(book, 0));
  table.fail(far(book, 0), kTimeZero);
  EXPECT_EQ(table.fail(far(book, 0), kTimeZero), RoutingTable::Failed::vacant);
  EXPECT_EQ(table.size(), 0U);
  EXPECT_EQ(table.observe(far(book, 0)), RoutingTable::Heard::returned);
  EXPECT_TRUE(table.contains(far(book, 0)));
  EXPECT_TRUE(table.dead().empty());
}

TEST(RoutingTable, WithoutEvictionNobodyLeaves) {
  ContactBook book;
  RoutingTable table(book, kSelf, rules_of(2, false));
  for (std::uint64_t i = 0; i < 3; ++i) table.observe(far(book, i));
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(table.fail(far(book, 0), kTimeZero), RoutingTable::Failed::stays);
  EXPECT_EQ(table.entries(), (std::vector<ContactRef>{far(book, 0), far(book, 1)}));
}

TEST(RoutingTable, IsGoodWhoHasAnsweredAndWasHeardFromLately) {
  ContactBook book;
  RoutingTable table(book, kSelf, 20);
  table.observe(far(book, 0), kTimeZero, HeardAs::spoke);
  EXPECT_FALSE(table.is_good(far(book, 0), kTimeZero));
  table.observe(far(book, 0), kTimeZero, HeardAs::answered);
  EXPECT_TRUE(table.is_good(far(book, 0), kTimeZero + 14 * kMinute));
  EXPECT_FALSE(table.is_good(far(book, 0), kTimeZero + 15 * kMinute));
  table.observe(far(book, 0), kTimeZero + 15 * kMinute, HeardAs::spoke);  // it has answered before
  EXPECT_TRUE(table.is_good(far(book, 0), kTimeZero + 15 * kMinute));
}

TEST(RoutingTable, ANewcomerContestsThePlaceOfAQuestionableContact) {
  ContactBook book;
  RoutingTable table(book, kSelf, 2);
  table.observe(far(book, 0), kTimeZero);
  table.observe(far(book, 1), kTimeZero + kMinute);
  EXPECT_EQ(table.observe(far(book, 2), kTimeZero + 2 * kMinute), RoutingTable::Heard::settled);
  EXPECT_EQ(table.observe(far(book, 2), kTimeZero + 15 * kMinute), RoutingTable::Heard::contested);
  EXPECT_EQ(table.to_probe(kTimeZero + 15 * kMinute, {}), far(book, 0));
  EXPECT_EQ(table.to_probe(kTimeZero + 15 * kMinute, {far(book, 0)}), kNoContact);
}

TEST(RoutingTable, WhoWasMerelyNamedWaitsUntilItIsHeardFrom) {
  ContactBook book;
  RoutingTable table(book, kSelf, 2);
  table.observe(far(book, 0));
  table.name(far(book, 1));
  EXPECT_EQ(table.size(), 1U);
  EXPECT_EQ(table.to_probe(kTimeZero, {}), far(book, 1));
  table.observe(far(book, 1));
  EXPECT_EQ(table.size(), 2U);
  EXPECT_EQ(table.to_probe(kTimeZero, {}), kNoContact);
  table.name(far(book, 2));
  table.fail(far(book, 2), kTimeZero);
  EXPECT_EQ(table.to_probe(kTimeZero, {}), kNoContact);  // it is forgotten
}

TEST(RoutingTable, WhoIsInIsNoSpareUnderAnotherAddress) {
  ContactBook book;
  RoutingTable table(book, kSelf, 1);
  const NodeId id = id_in_bucket(kSelf, 0, 0);
  const ContactRef here = *book.intern({id, numbered_endpoint(1), std::nullopt});
  const ContactRef there = *book.intern({id, numbered_endpoint(2), std::nullopt});
  table.observe(far(book, 1));
  table.observe(here);
  table.observe(there);  // one spare, and it takes the place
  table.fail(far(book, 1), kTimeZero);
  table.fail(far(book, 1), kTimeZero);
  EXPECT_EQ(table.entries(), std::vector<ContactRef>{there});
  table.name(here);
  EXPECT_EQ(table.fail(there, kTimeZero), RoutingTable::Failed::vacant);  // on trial, and silent
  EXPECT_EQ(table.size(), 0U);
  EXPECT_EQ(table.violation(), std::nullopt);
}

TEST(RoutingTable, OneEntryAnEndpointTheLastHeardFrom) {
  ContactBook book;
  RoutingTable table(book, kSelf, 20);
  const auto lives = [&](std::uint64_t life) {
    return *book.intern({hash_id(std::to_string(life)), numbered_endpoint(1), std::nullopt});
  };
  for (std::uint64_t life = 0; life < 50; ++life) {
    table.observe(lives(life));
    EXPECT_EQ(table.entries(), std::vector<ContactRef>{lives(life)});
    EXPECT_EQ(table.violation(), std::nullopt);
  }
  table.name(lives(3));  // the word of others does not count against it
  EXPECT_EQ(table.to_probe(kTimeZero, {}), kNoContact);
}

TEST(RoutingTable, BehindAGatewayManyShareAnEndpoint) {
  ContactBook book;
  RoutingTable table(book, kSelf, 20);
  for (std::uint64_t i = 0; i < 3; ++i) {
    table.observe(*book.intern({id_in_bucket(kSelf, 0, i), numbered_endpoint(1), hash_id("way")}));
  }
  EXPECT_EQ(table.size(), 3U);
  EXPECT_EQ(table.violation(), std::nullopt);
}

TEST(RoutingTable, ABucketTakesFewOfOneSubnetButForPrivateOnes) {
  const auto taken = [](const char* prefix, const char* tail) {
    ContactBook book;
    TableRules rules;
    rules.subnet_limit = 4;
    RoutingTable table(book, kSelf, rules);
    for (std::uint64_t i = 0; i < 10; ++i) {
      const auto endpoint = parse_endpoint(prefix + std::to_string(i + 1) + tail);
      table.observe(*book.intern({id_in_bucket(kSelf, 0, i), *endpoint, std::nullopt}));
    }
    EXPECT_EQ(table.violation(), std::nullopt);
    return table.size();
  };
  EXPECT_EQ(taken("8.8.8.", ":9443"), 4U);
  EXPECT_EQ(taken("8.8.", ".8:9443"), 10U);
  EXPECT_EQ(taken("[2001:db8::", "]:9443"), 4U);
  EXPECT_EQ(taken("10.0.0.", ":9443"), 10U);
  EXPECT_EQ(taken("172.21.0.", ":9443"), 10U);
  EXPECT_EQ(taken("172.32.0.", ":9443"), 4U);
  EXPECT_EQ(taken("192.168.1.", ":9443"), 10U);
  EXPECT_EQ(taken("127.0.0.", ":9443"), 10U);
  EXPECT_EQ(taken("[fd00::", "]:9443"), 10U);
}

// Few ids, addresses and hours, so that all of them meet.
RC_GTEST_PROP(RoutingTableProperty, KeepsItsInvariantsAndLimitsWhateverHappens, ()) {
  ContactBook book;
  TableRules rules;
  rules.bucket_size = *rc::gen::inRange<std::size_t>(1, 6);
  rules.subnet_limit = *rc::gen::inRange<std::size_t>(1, 4);
  RoutingTable table(book, kSelf, rules);
  std::vector<ContactRef> seen;
  Time now = kTimeZero;
  const int steps = *rc::gen::inRange(0, 200);
  for (int step = 0; step < steps; ++step) {
    now += std::chrono::seconds(*rc::gen::inRange(0, 600));
    const int action = *rc::gen::inRange(0, 8);
    ContactRef contact{};
    if (seen.empty() || *rc::gen::inRange(0, 3) == 0) {
      const auto host = *rc::gen::inRange<std::uint32_t>(0, 12);
      const auto subnet = *rc::gen::inRange<std::uint32_t>(0, 3);
      const Endpoint endpoint = make_ipv4(0x0b000000U + (subnet << 8) + host, 9443);
      const bool relayed = *rc::gen::inRange(0, 5) == 0;
      contact = *book.intern({any_id_around_self(), endpoint,
                              relayed ? std::optional(hash_id("gateway")) : std::nullopt});
      seen.push_back(contact);
    } else {
      contact = *rc::gen::elementOf(seen);
    }
    if (action < 3) {
      table.observe(contact, now, action == 0 ? HeardAs::spoke : HeardAs::answered);
    } else if (action < 6) {
      table.fail(contact, now);
      RC_ASSERT(!table.is_good(contact, now) || rules.evict);
    } else if (action == 6) {
      table.name(contact);
    } else if (const ContactRef probed = table.to_probe(now, {contact}); probed != kNoContact) {
      RC_ASSERT(bucket_index(kSelf, book.id(probed)) != bucket_index(kSelf, book.id(contact)));
    }
    static_cast<void>(table.dead().next_to_visit(now, false));
    EXPECT_EQ(table.violation(), std::nullopt);
    RC_ASSERT(table.dead().size() <= Graveyard::kLimit);
    // The buckets partition the space: each contact has one place, by its id alone.
    std::size_t entries = 0;
    for (std::size_t i = 0; i < table.bucket_count(); ++i) entries += table.bucket_entries(i);
    RC_ASSERT(entries == table.size());
  }
  const NodeId target = any_id_around_self();
  const std::size_t k = *rc::gen::inRange<std::size_t>(0, 40);
  RC_ASSERT(closest_by_sorting(book, closest(table, target, k), target, k) ==
            closest_by_sorting(book, table.entries(), target, k));
}

RC_GTEST_PROP(RoutingTableProperty, ClosestIsExactOverTheWholeTable, ()) {
  ContactBook book;
  RoutingTable table(book, kSelf, *rc::gen::inRange<std::size_t>(1, 25));
  const int contacts = *rc::gen::inRange(0, 150);
  for (int i = 0; i < contacts; ++i) table.observe(intern(book, any_id_around_self()));

  // Anywhere, near the table's owner, and near, or at, one of its contacts.
  NodeId target{*rc::gen::arbitrary<std::array<std::uint64_t, 4>>()};
  if (*rc::gen::arbitrary<bool>()) target = any_id_around_self();
  const std::size_t k = *rc::gen::inRange<std::size_t>(0, 40);
  std::vector<ContactRef> found = closest(table, target, k);
  RC_ASSERT(closest_by_sorting(book, found, target, k) ==
            closest_by_sorting(book, table.entries(), target, k));
  RC_ASSERT(found.size() == std::min(k, table.size()));

  // Without one of them the next has its place, and the order is that of one more.
  const auto without = [&](ContactRef but) {
    std::vector<ContactRef> others;
    table.closest_runs_but(but, target, k, [&](const ContactRef* run, std::size_t count) {
      others.insert(others.end(), run, run + count);
    });
    return others;
  };
  for (const ContactRef contact : table.entries()) {
    const bool among = std::find(found.begin(), found.end(), contact) != found.end();
    std::vector<ContactRef> wanted = among ? closest(table, target, k + 1) : found;
    wanted.erase(std::remove(wanted.begin(), wanted.end(), contact), wanted.end());
    RC_ASSERT(without(contact) == wanted);
  }
  const ContactRef stranger = intern(book, any_id_around_self());
  if (!table.contains(stranger)) RC_ASSERT(without(stranger) == found);
}

}  // namespace
}  // namespace macula::dht
