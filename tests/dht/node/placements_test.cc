// All that a node publishes reaches others, sooner or later.
#include "dht/node/placements.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

#include "tests/dht/node/record_exchange.h"

namespace macula::dht {
namespace {

using namespace std::chrono_literals;

class PlacementsTest : public RecordExchange {
 protected:
  PlacementsTest() {
    protocol.maintenance = true;
    protocol.evict = false;
    protocol.refresh_interval = std::chrono::hours(10000);
  }
  // How often the key has been looked up.
  std::size_t lookups() {
    return static_cast<std::size_t>(
        std::count_if(host.requests.begin(), host.requests.end(), [](const auto& request) {
          const auto* find = std::get_if<wire::FindNode>(&request.message);
          return find != nullptr && find->target == kKey;
        }));
  }
  // How many were pinged.
  std::size_t pings() {
    return static_cast<std::size_t>(std::count_if(
        host.requests.begin(), host.requests.end(),
        [](const auto& request) { return std::holds_alternative<wire::Ping>(request.message); }));
  }
  void fail_all() {
    while (!host.open_requests().empty()) {
      host.fail(host.open_requests().front(), Failure::timeout);
    }
  }
  std::size_t stores(bool withdrawn) {
    return static_cast<std::size_t>(
        std::count_if(host.sent.begin(), host.sent.end(), [&](const auto& sent) {
          const auto* store = std::get_if<wire::Store>(&sent.message);
          return store != nullptr && store->record.withdrawn == withdrawn;
        }));
  }
};

TEST_F(PlacementsTest, WhoeverIsClosestIsAskedOnceAndItsAnswerIsEnough) {
  Node& node = start_far();
  node.add_contact(contact(1));
  Store store;
  node.store(kKey, text("x"), store.done());
  answer_all();
  EXPECT_EQ(store.times, 1);
  EXPECT_EQ(pings(), 1U);
  host.advance(60s);
  EXPECT_EQ(lookups(), 1U);
  EXPECT_EQ(stores(false), 1U);
}

TEST_F(PlacementsTest, ACutBetweenLookupAndStoreIsNoticed) {
  Node& node = start_far();
  node.add_contact(contact(1));
  Store store;
  node.store(kKey, text("x"), store.done());
  host.answer(0, wire::FindNodeReply{});
  ASSERT_EQ(stores(false), 1U);
  fail_all();  // the one that asks whether anybody is there
  host.advance(Placements::kFirstRetry);
  EXPECT_EQ(lookups(), 2U);
}

TEST_F(PlacementsTest, AWithdrawalThatNobodyHeardIsDoneAgain) {
  Node& node = start_far();
  node.add_contact(contact(1));
  Store store;
  node.store(kKey, text("x"), store.done());
  answer_all();
  node.withdraw(kKey, store.done());
  fail_all();
  EXPECT_EQ(stores(true), 0U);
  host.advance(Placements::kFirstRetry);
  answer_all();
  EXPECT_EQ(stores(true), 1U);
  host.advance(60s);
  EXPECT_EQ(stores(true), 1U);
}

TEST_F(PlacementsTest, WhatWasCancelledIsPlacedNevertheless) {
  Node& node = start_far();
  node.add_contact(contact(1));
  Store store;
  node.cancel(node.store(kKey, text("x"), store.done()));
  host.advance(protocol.deadline + protocol.query_timeout);
  answer_all();
  EXPECT_EQ(store.times, 0);
  EXPECT_EQ(stores(false), 1U);
}

TEST_F(PlacementsTest, WhileNothingGetsThroughOneIsTriedAtATime) {
  Node& node = start_far();
  node.add_contact(contact(1));
  for (std::uint64_t i = 1; i <= 20; ++i) {
    node.store(numbered_id(i << 20), text("x"), [](StoreResult&) {});
  }
  fail_all();
  const std::size_t before = host.requests.size();
  for (int i = 0; i < 30; ++i) {
    host.advance(1s);
    fail_all();
  }
  EXPECT_LE(host.requests.size() - before, 30U);
  // Then all of them, whatever the budget.
  for (int i = 0; i < 40; ++i) {
    host.advance(500ms);
    answer_all();
  }
  EXPECT_EQ(stores(false), 20U);
}

TEST_F(PlacementsTest, OnceAllContactsAreLostAllIsPlacedAgain) {
  protocol.evict = true;
  Node& node = start_far();
  node.add_contact(contact(1));
  Store store;
  node.store(kKey, text("x"), store.done());
  answer_all();
  for (int i = 0; i < 4; ++i) {
    node.ping(contact(1), 1s, [](const PingResult&) {});
    fail_all();
  }
  ASSERT_EQ(node.table().size(), 0U);
  host.tell(contact(2), wire::Cast{"hello", ""});
  host.advance(Placements::kSoon);
  answer_all();
  EXPECT_GE(lookups(), 2U);
  EXPECT_TRUE(std::any_of(host.sent.begin(), host.sent.end(), [&](const auto& sent) {
    return sent.to == contact(2) && std::holds_alternative<wire::Store>(sent.message);
  }));
}

TEST_F(PlacementsTest, WhoeverDidNotAnswerIsStoredAtOnceItDoes) {
  protocol.k = 1;
  Node& node = start_far();
  for (const std::uint64_t number : {1U, 2U}) node.add_contact(contact(number));
  Store store;
  node.store(kKey, text("x"), store.done());
  ASSERT_EQ(host.requests.at(0).to, contact(1));
  host.fail(0, Failure::timeout);
  host.answer(1, wire::FindNodeReply{});  // contact 2 takes its place
  ASSERT_EQ(stores(false), 1U);
  ASSERT_EQ(pings(), 2U);
  for (const std::size_t request : host.open_requests()) {
    if (host.requests[request].to == contact(1)) {
      host.fail(request, Failure::timeout);
    } else {
      host.answer(request, wire::Pong{});
    }
  }
  EXPECT_EQ(stores(false), 1U);  // not before: it would come with the end of a cut, and seem young
  host.advance(Placements::kMissedPause);
  ASSERT_EQ(pings(), 3U);
  host.answer(host.last_request(), wire::Pong{});
  ASSERT_EQ(stores(false), 2U);
  EXPECT_EQ(host.sent.back().to, contact(1));
  EXPECT_GT(std::get<wire::Store>(host.sent.back().message).record.lifetime_ms,
            std::get<wire::Store>(host.sent.back().message).record.ttl_ms);
}

// The end of a cut of some ten seconds, however long it was, is noticed in less.
TEST_F(PlacementsTest, WhoeverWasMissedIsAskedEverySoManySecondsForMostOfAMinute) {
  protocol.k = 1;
  Node& node = start_far();
  for (const std::uint64_t number : {1U, 2U}) node.add_contact(contact(number));
  Store store;
  node.store(kKey, text("x"), store.done());
  host.fail(0, Failure::timeout);
  host.answer(1, wire::FindNodeReply{});
  std::vector<Time> asked;
  for (int second = 0; second < 120; ++second) {
    for (const std::size_t request : host.open_requests()) {
      if (host.requests[request].to == contact(1)) {
        asked.push_back(host.now());
        host.fail(request, Failure::timeout);
      } else {
        host.answer(request, wire::Pong{});
      }
    }
    host.advance(1s);
  }
  EXPECT_EQ(asked.size(), Placements::kMostMissed);
  for (std::size_t i = 1; i < asked.size(); ++i) {
    EXPECT_GE(asked[i] - asked[i - 1], Placements::kMissedPause / 2 - 1s);
    EXPECT_LE(asked[i] - asked[i - 1], Placements::kMissedPause + 1s);
  }
  EXPECT_GE(asked.back() - asked.front(), 30s);
}

// A value is stored while the node that is closest to its key is away, and the next one takes its
// place.
class LongAfter : public PlacementsTest {
 protected:
  LongAfter() {
    protocol.k = 1;
    protocol.ttl = std::chrono::hours(24);
    protocol.republish_interval = std::chrono::hours(20);
    node = &start_far();
    for (const ContactRef contact : {closest, second}) node->add_contact(contact);
  }
  // All who are asked answer, but for the closest.
  void answer_others() {
    for (const std::size_t request : host.open_requests()) {
      if (host.requests[request].to == closest) {
        host.fail(request, Failure::timeout);
      } else if (std::holds_alternative<wire::FindNode>(host.requests[request].message)) {
        host.answer(request, wire::FindNodeReply{});
      } else {
        host.answer(request, wire::Pong{});
      }
    }
  }
  void wait_for_two_minutes() {
    for (int second = 0; second < 120; ++second) {
      answer_others();
      host.advance(1s);
    }
  }
  // The nodes that are pinged once somebody is met.
  std::set<ContactRef> asked_after(ContactRef met) {
    const std::size_t before = host.requests.size();
    host.tell(met, wire::StoreRefused{kKey, "none"});
    host.advance(Placements::kSoon);
    std::set<ContactRef> asked;
    for (std::size_t i = before; i < host.requests.size(); ++i) {
      if (std::holds_alternative<wire::Ping>(host.requests[i].message)) {
        asked.insert(host.requests[i].to);
      }
    }
    return asked;
  }
  ContactRef at(std::uint64_t distance) { return intern(book, NodeId{{distance, 0, 0, distance}}); }

  const ContactRef closest = at(1);
  const ContactRef second = at(5);
  Node* node = nullptr;
  Store store;
};

TEST_F(LongAfter, WhoeverIsMetAndCloserIsStoredAtAndSoIsWhoeverWasMissed) {
  node->store(kKey, text("x"), store.done());
  wait_for_two_minutes();
  ASSERT_EQ(stores(false), 1U);
  EXPECT_TRUE(asked_after(at(9)).empty());
  EXPECT_EQ(asked_after(at(3)), (std::set<ContactRef>{closest, at(3)}));
  for (const std::size_t request : host.open_requests()) host.answer(request, wire::Pong{});
  EXPECT_EQ(stores(false), 3U);
}

TEST_F(LongAfter, AWithdrawalIsRememberedForWhomItHasNotReachedUntilItEnds) {
  node->store(kKey, text("x"), store.done());
  wait_for_two_minutes();
  node->withdraw(kKey, store.done());
  wait_for_two_minutes();
  ASSERT_EQ(stores(true), 1U);
  ASSERT_EQ(asked_after(at(3)).count(closest), 1U);
  for (const std::size_t request : host.open_requests()) host.answer(request, wire::Pong{});
  EXPECT_EQ(stores(true), 3U);
  EXPECT_TRUE(asked_after(at(2)).empty());
}

TEST_F(PlacementsTest, AClientAsksForTheKeyAndHearsOfANewerForeignValue) {
  Node& node = start_client();
  node.add_contact(contact(1));
  Store store;
  host.advance(10s);
  node.store(kKey, text("mine"), store.done());
  host.answer(0, wire::FindNodeReply{});
  host.advance(1s);
  host.answer(host.last_request(), reply({unsigned_record("yours")}));
  EXPECT_EQ(node.storage().publications().size(), 0U);
}

TEST_F(PlacementsTest, WhereThePublisherIsOneOfTheKClosestTheLastOfKOthersKnowsThatItIsNoHolder) {
  protocol.k = 2;
  Node& node = start_as(contact(1));
  for (const std::uint64_t number : {2U, 3U, 4U}) node.add_contact(contact(number));
  Store store;
  node.store(kKey, text("x"), store.done());
  answer_all();
  ASSERT_EQ(stores(false), 2U);
  for (const auto& sent : host.sent) {
    const auto& record = std::get<wire::Store>(sent.message).record;
    EXPECT_EQ(record.spare, sent.to == contact(3));
  }
}

TEST_F(PlacementsTest, WhoeverHoldsSparesOnlyIsOutside) {
  start_far();
  wire::Record record = unsigned_record("x");
  record.spare = true;
  host.tell(contact(1), wire::Store{kKey, record});
  EXPECT_TRUE(answer().outside);
  wire::Record again = unsigned_record("x");
  host.tell(contact(2), wire::Store{kKey, again});
  EXPECT_FALSE(answer().outside);
}

}  // namespace
}  // namespace macula::dht
