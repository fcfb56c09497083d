#include "dht/node/record_upkeep.h"

#include <algorithm>
#include <set>
#include <string>

#include "dht/node/placements.h"
#include "tests/dht/node/node_fixture.h"
#include "tests/dht/records.h"

namespace macula::dht {
namespace {

using namespace std::chrono_literals;
using Store = Kept<StoreResult>;

class RecordUpkeepTest : public NodeTest {
 protected:
  RecordUpkeepTest() {
    protocol.k = 3;
    protocol.bucket_size = 3;
    protocol.refresh_interval = std::chrono::hours(10000);
  }
  // The nodes to which the record was passed on since the last call.
  std::multiset<ContactRef> stores() {
    std::multiset<ContactRef> to;
    for (; seen_ < host.sent.size(); ++seen_) {
      if (std::holds_alternative<wire::Store>(host.sent[seen_].message)) {
        to.insert(host.sent[seen_].to);
      }
    }
    return to;
  }
  // Lets time pass, and every lookup end with what the table knows.
  void pass(Duration duration) {
    for (Duration passed{0}; passed < duration; passed += 1s) {
      host.advance(1s);
      for (auto open = host.open_requests(); !open.empty(); open = host.open_requests()) {
        host.answer(open.front(), wire::FindNodeReply{});
      }
    }
  }

 private:
  std::size_t seen_ = 0;
};

TEST_F(RecordUpkeepTest, APublisherRenewsItsRecordInTime) {
  signer = &owner_key(0);
  Node& node = start_as(contact(0xffff));
  node.add_contact(contact(1));
  Store store;
  node.store(kZeroKey, text("x"), {true}, store.done());
  host.answer(0, wire::FindNodeReply{});
  EXPECT_EQ(stores().size(), 1U);
  Time last = host.now();
  std::uint64_t sequence = 0;
  for (int i = 0; i < 1000; ++i) {
    pass(1s);
    const auto sent = stores();
    if (sent.empty()) continue;
    EXPECT_LE(host.now() - last, protocol.republish_interval + 1s);
    EXPECT_GE(host.now() - last + 1s, protocol.republish_interval / 2);
    const auto& record = std::get<wire::Store>(host.sent.back().message).record;
    EXPECT_GE(record.ttl_ms + 1000, record.lifetime_ms);  // less the lookup, answered here late
    EXPECT_GT(record.proof->sequence, sequence);
    sequence = record.proof->sequence;
    last = host.now();
  }
  EXPECT_GT(host.now(), last);
  EXPECT_TRUE(node.records().holds(kZeroKey, host.now()));
  // Once withdrawn it is stored no more, and the tombstone goes with the sweep.
  node.withdraw(kZeroKey, store.done());
  pass(1s);
  stores();
  pass(protocol.ttl + protocol.sweep_interval);
  EXPECT_TRUE(stores().empty());
  EXPECT_EQ(node.records().size(), 0U);
  EXPECT_FALSE(node.pending());
}

// All lie in one region: there is a walk through it, and no lookup for each. With these ids, which
// differ in their last bits alone, it is the longest there can be.
TEST_F(RecordUpkeepTest, RecordsOfARegionAreStoredAgainWithoutALookupForEach) {
  protocol.republish_regions = true;
  protocol.ttl = 2h;
  protocol.republish_interval = 1h;
  protocol.replicate_interval = 10h;
  Node& node = start_as(contact(0xffff));
  for (const std::uint64_t number : {1U, 2U, 3U, 4U}) node.add_contact(contact(number));
  constexpr std::uint64_t kKeys = 400;
  Store store;
  for (std::uint64_t i = 0; i < kKeys; ++i) {
    node.store(numbered_id(100 + i), text("x"), {}, store.done());
    pass(1s);
  }
  stores();
  const std::size_t before = host.requests.size();
  std::size_t stored = 0;
  for (Duration passed{0}; stored == 0; passed += 1s) {
    ASSERT_LT(passed, protocol.republish_interval);
    pass(1s);
    stored = stores().size();
  }
  EXPECT_EQ(stored, kKeys * protocol.k);
  std::size_t lookups = 0;
  for (std::size_t i = before; i < host.requests.size(); ++i) {
    lookups += std::holds_alternative<wire::FindNode>(host.requests[i].message) ? 1 : 0;
  }
  EXPECT_GT(lookups, 0U);
  EXPECT_LT(lookups, kKeys * protocol.k);
  ASSERT_NE(node.regions(), nullptr);
  ASSERT_EQ(node.regions()->walked().size(), 1U);
  EXPECT_EQ(node.regions()->walked()[0].nodes, 4U);
}

// Each is renewed in a turn of its own, and turns are paid for.
TEST_F(RecordUpkeepTest, WhatWasPublishedAtOneInstantIsSpreadOutAfterAPeriod) {
  protocol.maintenance_budget = 400;
  protocol.ttl = 3000s;
  protocol.republish_interval = 1800s;
  Node& node = start_as(contact(0xffff));
  for (const std::uint64_t number : {1U, 2U, 3U}) node.add_contact(contact(number));
  constexpr std::size_t kRecords = 100;
  for (std::size_t i = 0; i < kRecords; ++i) {
    node.store(hash_id(std::to_string(i)), text("x"), [](StoreResult&) {});
  }
  pass(1s);
  EXPECT_EQ(stores().size(), 3 * kRecords);
  std::size_t most = 0;
  std::size_t all = 0;
  for (const Time end = host.now() + 2 * protocol.republish_interval; host.now() < end;) {
    pass(1s);
    const std::size_t sent = stores().size();
    most = std::max(most, sent);
    all += sent;
  }
  EXPECT_GE(all, 3 * kRecords);
  // The savings of a quiet half minute are spent at once, and pay for some fifteen.
  EXPECT_LE(most, kRecords / 2);
}

TEST_F(RecordUpkeepTest, AHolderPassesARecordOnUnlessItHearsOfIt) {
  protocol.hand_over = false;
  Node& node = start_as(contact(2));
  for (const std::uint64_t number : {1U, 3U, 5U, 6U}) node.add_contact(contact(number));
  const wire::Record record = signed_record(kZeroKey, "x", 1);
  host.tell(contact(1), wire::Store{kZeroKey, record});
  // It hears of it again and again: so it says nothing.
  for (int i = 0; i < 2; ++i) {
    pass(protocol.replicate_interval / 3);
    host.tell(contact(1), wire::Store{kZeroKey, record});
  }
  EXPECT_TRUE(stores().empty());
  pass(protocol.replicate_interval + 1s);
  // It is itself one of the three closest.
  ASSERT_EQ(stores(), (std::multiset<ContactRef>{contact(1), contact(3)}));
  const auto& sent = std::get<wire::Store>(host.sent.back().message).record;
  EXPECT_EQ(sent.proof->sequence, 1U);
  EXPECT_LT(sent.ttl_ms, sent.lifetime_ms);
}

// A holder's own reading tells it nothing of who else was sent the record.
TEST_F(RecordUpkeepTest, AHolderThatReadsItsOwnCopyPassesItOnNevertheless) {
  protocol.hand_over = false;
  Node& node = start_as(contact(2));
  for (const std::uint64_t number : {1U, 3U, 5U, 6U}) node.add_contact(contact(number));
  host.tell(contact(1), wire::Store{kZeroKey, signed_record(kZeroKey, "x", 1)});
  for (int i = 0; i < 4; ++i) {
    pass(protocol.replicate_interval / 3);
    node.find_value(kZeroKey, {}, [](FindResult& result) { EXPECT_EQ(result.values.size(), 1U); });
  }
  EXPECT_EQ(stores(), (std::multiset<ContactRef>{contact(1), contact(3)}));
}

TEST_F(RecordUpkeepTest, AHolderThatIsNoneOfTheClosestPassesItOnOnce) {
  protocol.hand_over = false;
  protocol.ttl = 3000s;
  Node& node = start_as(contact(0x80));
  for (const std::uint64_t number : {1U, 3U, 5U}) node.add_contact(contact(number));
  host.tell(contact(1), wire::Store{kZeroKey, {text("x")}});
  pass(4 * protocol.replicate_interval);
  EXPECT_EQ(stores(), (std::multiset<ContactRef>{contact(1), contact(3), contact(5)}));
}

TEST_F(RecordUpkeepTest, ANewcomerIsGivenWhatItIsCloseTo) {
  Node& node = start_as(contact(4));
  for (const std::uint64_t number : {8U, 9U, 10U}) node.add_contact(contact(number));
  host.tell(contact(8), wire::Store{kZeroKey, signed_record(kZeroKey, "x", 1)});
  const Key far = numbered_id(0xff0b);
  host.tell(contact(8), wire::Store{far, signed_record(far, "far", 1)});
  // 8, 9 and 10 are closer to `far` than itself: theirs to give, if it is anybody's.
  host.ask(contact(5), wire::Ping{1});
  pass(RecordUpkeep::kSoon + 1s);
  ASSERT_EQ(stores(), (std::multiset<ContactRef>{contact(5)}));
  EXPECT_EQ(std::get<wire::Store>(host.sent.back().message).key, kZeroKey);
  // Once only.
  host.ask(contact(5), wire::Ping{2});
  pass(RecordUpkeep::kSoon + 1s);
  EXPECT_TRUE(stores().empty());
}

TEST_F(RecordUpkeepTest, OnlyTheClosestHoldersGive) {
  Node& node = start_as(contact(4));
  for (const std::uint64_t number : {1U, 2U, 9U}) node.add_contact(contact(number));
  host.tell(contact(1), wire::Store{kZeroKey, signed_record(kZeroKey, "x", 1)});
  host.ask(contact(3), wire::Ping{1});  // 1 and 2 are closer, and will give it
  pass(RecordUpkeep::kSoon + 1s);
  EXPECT_TRUE(stores().empty());
}

TEST_F(RecordUpkeepTest, TheSweepDropsWhatHasEnded) {
  Node& node = start_as(contact(0xffff));
  for (int i = 0; i < 600; ++i) {
    const Key key = hash_id(std::to_string(i));
    host.tell(contact(1), wire::Store{key, unsigned_record("x", 10'000)});
  }
  EXPECT_EQ(node.records().size(), 600U);
  pass(10s + protocol.sweep_interval + 1s);
  EXPECT_EQ(node.records().size(), 0U);
  EXPECT_EQ(node.violation(), std::nullopt);
}

TEST_F(RecordUpkeepTest, Macula08KeepsNothingUp) {
  protocol = *find_profile("macula-0.8");
  protocol.maintenance = true;
  Node& node = start_as(contact(0xffff));
  node.add_contact(contact(1));
  Store store;
  node.store(kZeroKey, text("x"), store.done());
  stores();
  host.ask(contact(2), wire::Ping{1});
  pass(2 * protocol.ttl);
  EXPECT_TRUE(stores().empty());
  EXPECT_TRUE(node.records().holds(kZeroKey, host.now()));
}

// ----- what reached nobody -----

TEST_F(NodeTest, WhatWasStoredAloneIsPublishedAsSoonAsSomebodyIsMet) {
  Node& node = start();
  std::size_t replicas = 1;
  node.store(numbered_id(5), text("x"), [&](StoreResult& result) {
    EXPECT_TRUE(result.stored);
    replicas = result.replicas.size();
  });
  EXPECT_EQ(replicas, 0U);
  host.advance(20 * kSecond);
  EXPECT_TRUE(host.sent.empty());
  host.ask(contact(1), wire::Ping{1});
  host.advance(RecordUpkeep::kSoon);
  answer_all();
  ASSERT_FALSE(host.sent.empty());
  EXPECT_EQ(host.sent.front().to, contact(1));
  EXPECT_EQ(std::get<wire::Store>(host.sent.front().message).key, numbered_id(5));
}

TEST_F(NodeTest, WhatWasStoredInACutIsTriedAgainAfterSeconds) {
  protocol.evict = false;  // nobody leaves the table, nobody comes
  Node& node = start();
  node.add_contact(contact(1));
  node.store(numbered_id(5), text("x"), [](StoreResult&) {});
  std::vector<Time> tried;
  for (int i = 0; i < 120; ++i) {
    for (const std::size_t request : host.open_requests()) {
      const auto* find = std::get_if<wire::FindNode>(&host.requests[request].message);
      if (find == nullptr || !(find->target == numbered_id(5))) continue;
      tried.push_back(host.now());
      host.fail(request, Failure::timeout);
    }
    host.advance(kSecond);
  }
  ASSERT_GE(tried.size(), 5U);
  for (std::size_t i = 1; i < tried.size(); ++i) {
    EXPECT_LE(tried[i] - tried[i - 1], Placements::kLongestRetry + 2 * kSecond);
  }
}

// Twice: the pauses grow while nobody takes it, and begin anew once somebody has.
TEST_F(NodeTest, ThePausesOfWhatCannotBePlacedBeginAnewAfterASuccess) {
  protocol.evict = false;
  protocol.refresh_interval = std::chrono::hours(10000);
  Node& node = start();
  node.add_contact(contact(1));
  node.store(numbered_id(5), text("x"), [](StoreResult&) {});
  for (int outage = 0; outage < 2; ++outage) {
    std::vector<Time> tried;
    while (tried.size() < 6) {
      for (const std::size_t request : host.open_requests()) {
        tried.push_back(host.now());
        host.fail(request, Failure::timeout);
      }
      host.advance(kSecond / 10);
    }
    Duration nominal = Placements::kFirstRetry;
    for (std::size_t i = 1; i < tried.size(); ++i) {
      EXPECT_LE(tried[i] - tried[i - 1], nominal + kSecond / 10) << outage << i;
      EXPECT_GE(tried[i] - tried[i - 1], nominal / 2 - kSecond / 10) << outage << i;
      nominal = std::min<Duration>(2 * nominal, Placements::kLongestRetry);
    }
    while (host.open_requests().empty()) host.advance(kSecond / 10);
    const std::size_t sent = host.sent.size();
    host.answer(host.last_request(), wire::FindNodeReply{});
    EXPECT_EQ(host.sent.size(), sent + 1);
    host.answer(host.last_request(), wire::Pong{});
    // From now on it is renewed, as any other.
    const Time placed = host.now();
    while (host.open_requests().empty()) host.advance(kSecond / 10);
    EXPECT_GE(host.now() - placed, protocol.republish_interval / 2 - kSecond);
  }
}

}  // namespace
}  // namespace macula::dht
