#include "dht/node/storage.h"

#include "tests/dht/node/node_fixture.h"

namespace macula::dht {
namespace {

using Store = Kept<StoreResult>;
using Find = Kept<FindResult>;

std::vector<wire::Record> values(const wire::SharedValue& value) {
  return {{value}};
}

class StorageTest : public NodeTest {
 protected:
  // Far from the key, so that every contact is nearer.
  Node& start_far() { return start_as(contact(0xffff)); }
  std::vector<ContactRef> receivers_of_store() {
    std::vector<ContactRef> receivers;
    for (const auto& sent : host.sent) {
      EXPECT_EQ(std::get<wire::Store>(sent.message).key, kZeroKey);
      receivers.push_back(sent.to);
    }
    return receivers;
  }
};

TEST_F(StorageTest, StoreByTableGoesToTheClosestKnown) {
  protocol = *find_profile("macula-0.8");
  protocol.k = 2;
  Node& node = start_far();
  for (const std::uint64_t number : {5U, 1U, 3U}) node.add_contact(contact(number));
  Store store;
  node.store(kZeroKey, text("value"), store.done());
  EXPECT_EQ(store.times, 1);
  EXPECT_TRUE(store.result.stored);
  EXPECT_TRUE(host.requests.empty());
  EXPECT_EQ(closest_by_sorting(book, receivers_of_store(), kZeroKey, 9),
            (std::vector<ContactRef>{contact(1), contact(3)}));
  EXPECT_NE(node.records().find(kZeroKey), nullptr);
}

TEST_F(StorageTest, StoreByLookupGoesToTheClosestThatAnswered) {
  protocol.maintenance = false;  // nobody is pinged whether it is there
  protocol.k = 2;
  protocol.alpha = 1;
  protocol.widen = false;
  Node& node = start_far();
  node.add_contact(contact(5));
  Store store;
  node.store(kZeroKey, text("value"), store.done());
  EXPECT_EQ(sent_as<wire::FindNode>(0).target, kZeroKey);
  host.answer(0, wire::FindNodeReply{nodes({1, 3, 4})});
  EXPECT_EQ(host.requests[1].to, contact(1));
  host.fail(1, Failure::timeout);
  host.answer(2, wire::FindNodeReply{});
  EXPECT_EQ(store.times, 0);
  EXPECT_TRUE(host.sent.empty());
  host.answer(3, wire::FindNodeReply{});
  EXPECT_EQ(store.times, 1);
  EXPECT_EQ(receivers_of_store(), (std::vector<ContactRef>{contact(3), contact(4)}));
  EXPECT_EQ(store.result.replicas, receivers_of_store());
  EXPECT_EQ(*std::get<wire::Store>(host.sent[0].message).record.value, *text("value"));
  expect_idle();
}

TEST_F(StorageTest, AStoredMessageIsHeldAndServed) {
  start_far();
  host.tell(contact(1), wire::Store{kZeroKey, {text("value")}});
  const auto& reply =
      replied_as<wire::FindValueReply>(host.ask(contact(2), wire::FindValue{kZeroKey}));
  const auto& held = std::get<std::vector<wire::Record>>(reply.result);
  ASSERT_EQ(held.size(), 1U);
  EXPECT_EQ(*held[0].value, *text("value"));
}

TEST_F(StorageTest, AMissIsAnsweredWithTheClosestNodesOrByRuleWithNone) {
  for (const Misses misses : {Misses::nodes, Misses::empty}) {
    protocol.k = 2;
    protocol.misses = misses;
    Node& node = start_far();
    for (const std::uint64_t number : {7U, 1U, 3U}) node.add_contact(contact(number));
    const auto& reply =
        replied_as<wire::FindValueReply>(host.ask(contact(7), wire::FindValue{kZeroKey}));
    const auto& found = std::get<ContactList>(reply.result);
    EXPECT_EQ(found.size(), misses == Misses::nodes ? 2U : 0U);
    const auto& nodes_reply =
        replied_as<wire::FindNodeReply>(host.ask(contact(7), wire::FindNode{kZeroKey}));
    EXPECT_EQ(
        closest_by_sorting(book, {nodes_reply.nodes.begin(), nodes_reply.nodes.end()}, kZeroKey, 9),
        (std::vector<ContactRef>{contact(1), contact(3)}));
  }
}

TEST_F(StorageTest, FindReadsTheOwnRecordsFirst) {
  Node& node = start_far();
  node.add_contact(contact(1));
  ASSERT_TRUE(node.store_local(kZeroKey, text("own")));
  Find find;
  node.find_value(kZeroKey, {}, find.done());
  EXPECT_EQ(find.times, 1);
  EXPECT_FALSE(find.result.searched);
  ASSERT_EQ(find.result.values.size(), 1U);
  EXPECT_EQ(*find.result.values[0], *text("own"));
  EXPECT_TRUE(host.requests.empty());

  FindOptions network_only;
  network_only.local = false;
  node.find_value(kZeroKey, network_only, find.done());
  EXPECT_EQ(host.requests.size(), 1U);

  FindOptions local_only;
  local_only.network = false;
  Find missing;
  node.find_value(numbered_id(9), local_only, missing.done());
  EXPECT_EQ(missing.times, 1);
  EXPECT_TRUE(missing.result.values.empty());
  EXPECT_EQ(host.requests.size(), 1U);
}

// Not only the arrival of a value must reach the caller, but the value.
TEST_F(StorageTest, FindReturnsTheValueThatWasAnswered) {
  protocol.alpha = 2;
  Node& node = start_far();
  node.add_contact(contact(1));
  node.add_contact(contact(2));
  Find find;
  node.find_value(kZeroKey, {}, find.done());
  ASSERT_EQ(host.requests.size(), 2U);
  EXPECT_EQ(sent_as<wire::FindValue>(1).key, kZeroKey);
  host.answer(0, wire::FindValueReply{nodes({3})});
  host.answer(1, wire::FindValueReply{values(text("far"))});
  EXPECT_EQ(find.times, 1);
  EXPECT_TRUE(find.result.searched);
  EXPECT_FALSE(find.result.timed_out);
  ASSERT_EQ(find.result.values.size(), 1U);
  EXPECT_EQ(*find.result.values[0], *text("far"));
  expect_idle();  // the request to 3 is cancelled
}

TEST_F(StorageTest, FindGoesOnAfterFailuresAndOddAnswers) {
  protocol.alpha = 1;
  Node& node = start_far();
  for (const std::uint64_t number : {1U, 2U, 3U, 4U}) node.add_contact(contact(number));
  Find find;
  node.find_value(kZeroKey, {}, find.done());
  host.fail(0, Failure::unreachable);
  host.answer(1, wire::Pong{});
  host.answer(2, wire::FindValueReply{std::vector<wire::Record>{}});
  EXPECT_EQ(find.times, 0);
  host.answer(3, wire::FindValueReply{values(text("last"))});
  EXPECT_EQ(find.result.values.size(), 1U);
  EXPECT_EQ(find.result.search.stats.failures, 2U);
  expect_idle();
}

TEST_F(StorageTest, FindThatKnowsNobodyFindsNothingAtOnce) {
  Find find;
  start_far().find_value(kZeroKey, {}, find.done());
  EXPECT_EQ(find.times, 1);
  EXPECT_TRUE(find.result.values.empty());
  EXPECT_FALSE(find.result.timed_out);
  EXPECT_EQ(why_none(find.result), "unreachable");
  expect_idle();
}

TEST_F(StorageTest, AFindSaysThatThereIsNothingWhereSomebodyHasSaidSo) {
  for (const bool answers : {false, true}) {
    Node& node = start_far();
    for (const std::uint64_t number : {1U, 2U}) node.add_contact(contact(number));
    Find find;
    node.find_value(kZeroKey, {}, find.done());
    const auto open = host.open_requests();
    ASSERT_EQ(open.size(), 2U);
    host.fail(open[0], Failure::unreachable);
    if (answers) {
      host.answer(open[1], wire::FindValueReply{ContactList{}});
    } else {
      host.fail(open[1], Failure::timeout);
    }
    ASSERT_EQ(find.times, 1);
    EXPECT_EQ(why_none(find.result), answers ? "not_found" : "unreachable");
  }
}

TEST_F(StorageTest, ADeadlineReleasesEverything) {
  protocol.maintenance = false;  // or it is placed again
  protocol.query_timeout = 20 * kSecond;
  protocol.adaptive_timeouts = false;  // or more would be asked meanwhile
  Node& node = start_far();
  for (const std::uint64_t number : {1U, 2U, 3U, 4U}) node.add_contact(contact(number));
  Find find;
  FindOptions network_only;  // the value stored meanwhile would be found here
  network_only.local = false;
  node.find_value(kZeroKey, network_only, find.done());
  Store store;
  node.store(kZeroKey, text("value"), store.done());
  EXPECT_EQ(host.open_requests().size(), 2 * protocol.alpha);
  EXPECT_EQ(node.pending(), 2U);
  host.answer(0, wire::FindValueReply{ContactList{}});
  host.advance(protocol.deadline - Duration{1});
  EXPECT_EQ(find.times + store.times, 0);
  host.advance(Duration{1});
  EXPECT_EQ(find.times, 1);
  EXPECT_TRUE(find.result.timed_out);
  EXPECT_TRUE(find.result.values.empty());
  EXPECT_EQ(find.result.search.elapsed, protocol.deadline);
  EXPECT_EQ(store.times, 1);
  EXPECT_TRUE(store.result.stored);  // here, though nobody else answered
  expect_idle();
}

// Two concurrent lookups of one key, and one started by the end of another.
TEST_F(StorageTest, LookupsOfOneKeyDoNotMixUp) {
  Node& node = start_far();
  node.add_contact(contact(1));
  Find first;
  Find second;
  Find third;
  node.find_value(kZeroKey, {}, [&](FindResult& result) {
    first.done()(result);
    node.find_value(kZeroKey, {}, third.done());
  });
  node.find_value(kZeroKey, {}, second.done());
  host.answer(0, wire::FindValueReply{values(text("a"))});
  EXPECT_EQ(first.times, 1);
  EXPECT_EQ(second.times, 0);
  host.answer(1, wire::FindValueReply{values(text("b"))});
  EXPECT_EQ(*second.result.values.at(0), *text("b"));
  EXPECT_EQ(third.times, 0);
  host.answer(2, wire::FindValueReply{values(text("c"))});
  EXPECT_EQ(*third.result.values.at(0), *text("c"));
  expect_idle();
}

// ----- cancelled -----

TEST_F(StorageTest, ACancelledStoreSendsNothingAndLeavesNothingPending) {
  protocol.maintenance = false;
  Node& node = start_far();
  node.add_contact(contact(1));
  Store store;
  const OperationId id = node.store(kZeroKey, text("value"), store.done());
  ASSERT_EQ(host.open_requests().size(), 1U);
  node.cancel(id);
  expect_idle();
  host.advance(protocol.deadline);
  EXPECT_EQ(store.times, 0);
  EXPECT_TRUE(host.sent.empty());
  EXPECT_NE(node.records().find(kZeroKey), nullptr);  // the part that was done stays
  Store withdrawn;
  node.cancel(node.withdraw(kZeroKey, withdrawn.done()));
  expect_idle();
  EXPECT_EQ(withdrawn.times, 0);
}

TEST_F(StorageTest, ACancelledFindLeavesNothingPending) {
  protocol.maintenance = false;
  Node& node = start_far();
  node.add_contact(contact(1));
  Find find;
  node.cancel(node.find_value(kZeroKey, {}, find.done()));
  node.cancel(node.discover("calc.add", find.done()));
  node.cancel(node.advertise("calc.add", [](StoreResult&) { FAIL(); }));
  EXPECT_EQ(host.requests.size(), 3U);
  expect_idle();
  EXPECT_EQ(find.times, 0);
}

TEST_F(StorageTest, AFindThatIsAnsweredAtOnceHasNothingToCancel) {
  Node& node = start_far();
  node.add_contact(contact(1));
  ASSERT_TRUE(node.store_local(kZeroKey, text("value")));
  Find find;
  const OperationId answered = node.find_value(kZeroKey, {}, find.done());
  EXPECT_EQ(find.times, 1);
  const std::size_t before = host.open_requests().size();
  Store store;
  node.store(kZeroKey, text("another"), store.done());
  node.cancel(answered);
  EXPECT_EQ(host.open_requests().size(), before + 1);
}

}  // namespace
}  // namespace macula::dht
