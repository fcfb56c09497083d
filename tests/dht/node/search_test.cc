// Searches of a node: how long each peer may be silent, with how many timers, and what is left at
// the end.
#include "dht/node/search.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "tests/dht/node/search_fixture.h"

namespace macula::dht {
namespace {

TEST_F(SearchTest, AStrangerIsAskedPastAfterASecond) {
  Found found;
  start_knowing({1, 2, 3}).lookup(target, found.done());
  ASSERT_EQ(host.requests.size(), 1U);
  EXPECT_EQ(asked(0), 1U);
  EXPECT_EQ(host.requests[0].timeout, protocol.query_timeout);
  host.advance(kSecond - kMillisecond);
  EXPECT_EQ(host.requests.size(), 1U);
  host.advance(kMillisecond);
  ASSERT_EQ(host.requests.size(), 2U);
  EXPECT_EQ(asked(1), 2U);
  EXPECT_TRUE(host.requests[0].open);
  host.advance(10 * kMillisecond);
  host.answer(1, wire::FindNodeReply{nodes({3})});
  ASSERT_EQ(host.requests.size(), 3U);
  EXPECT_EQ(asked(2), 3U);
  answer_after(2, 10 * kMillisecond);
  EXPECT_EQ(found.times, 1);
  EXPECT_EQ(found.result.closest, (std::vector<ContactRef>{contact(2), contact(3)}));
  EXPECT_EQ(found.result.stats.slow, 1U);
  EXPECT_EQ(found.result.stats.timeouts, 0U);
  expect_idle();  // the request to 1 is cancelled
}

TEST_F(SearchTest, ALateAnswerCounts) {
  Found found;
  start_knowing({1, 2, 3}).lookup(target, found.done());
  host.advance(1500 * kMillisecond);
  ASSERT_EQ(host.requests.size(), 2U);
  host.answer(0, wire::FindNodeReply{});
  EXPECT_EQ(found.times, 0);
  answer_after(1, 10 * kMillisecond);
  EXPECT_EQ(found.times, 1);
  EXPECT_EQ(found.result.closest, (std::vector<ContactRef>{contact(1), contact(2)}));
  EXPECT_EQ(host.requests.size(), 2U);
  expect_idle();
}

TEST_F(SearchTest, ASlowPeerFailsAtTheTimeoutOfItsRequest) {
  Found found;
  start_knowing({1}).lookup(target, found.done());
  host.advance(protocol.query_timeout - kMillisecond);
  EXPECT_EQ(found.times, 0);  // nobody else is there
  host.advance(kMillisecond);
  EXPECT_EQ(found.times, 1);
  EXPECT_EQ(found.result.stats.slow, 1U);
  EXPECT_EQ(found.result.stats.timeouts, 1U);
  EXPECT_EQ(found.result.stats.failures, 1U);
  expect_idle();
}

TEST_F(SearchTest, PatienceFollowsWhatAnswersTake) {
  protocol.k = 20;
  Node& node = start_knowing({1, 2, 3, 4, 5, 6, 7, 8});
  Found found;
  node.lookup(target, found.done());
  for (std::size_t request = 0; request < 8; ++request) answer_after(request, 40 * kMillisecond);
  ASSERT_EQ(found.times, 1);
  for (int i = 0; i < 50; ++i) {
    host.advance(kSecond);
    protocol.k = 1;
    node.lookup(target, found.done());
    answer_after(host.last_request(), 40 * kMillisecond);
  }
  protocol.k = 2;
  node.lookup(target, found.done());
  const std::size_t first = host.last_request();
  host.advance(139 * kMillisecond);
  EXPECT_EQ(host.last_request(), first);
  host.advance(kMillisecond);
  EXPECT_EQ(host.last_request(), first + 1);  // 40 ms and the slack
}

TEST_F(SearchTest, FixedTimeoutsKnowNoSlowPeers) {
  protocol.adaptive_timeouts = false;
  Found found;
  start_knowing({1, 2, 3}).lookup(target, found.done());
  EXPECT_EQ(host.timers.size(), 1U);  // of the deadline
  host.advance(protocol.query_timeout - kMillisecond);
  EXPECT_EQ(host.requests.size(), 1U);
  host.advance(kMillisecond);
  EXPECT_EQ(host.requests.size(), 2U);
}

// Not one a request: it is not moved as answers come.
TEST_F(SearchTest, AmongTheLivingTheTimerIsSetOnceAPatience) {
  protocol.k = 20;
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t number = 1; number <= 20; ++number) numbers.push_back(number);
  Found found;
  start_knowing(numbers).lookup(target, found.done());
  for (std::size_t request = 0; request < 20; ++request) answer_after(request, 40 * kMillisecond);
  EXPECT_EQ(found.times, 1);
  EXPECT_LE(host.timers.size(), 6U);  // in 800 ms; one to begin with, then every 100 ms or more
  expect_idle();
}

TEST_F(SearchTest, TheDeadlineComesInTimeAmongSlowPeers) {
  protocol.k = 20;
  protocol.deadline = 2500 * kMillisecond;
  Found found;
  start_knowing({1, 2, 3, 4, 5, 6, 7, 8}).lookup(target, found.done());
  host.advance(protocol.deadline - kMillisecond);
  EXPECT_EQ(found.times, 0);
  EXPECT_EQ(host.open_requests().size(), 3U);  // one a second
  host.advance(kMillisecond);
  EXPECT_EQ(found.times, 1);
  EXPECT_TRUE(found.result.timed_out);
  expect_idle();
}

// Four times as long as a stranger is given, where too few have answered.
TEST_F(SearchTest, TheSlowAreWaitedForFourTimesAsLongAsIsUsual) {
  protocol.query_timeout = 30 * kSecond;
  protocol.deadline = 60 * kSecond;
  protocol.k = 3;
  protocol.alpha = 3;
  Found found;
  start_knowing({1, 2}).lookup(target, found.done());
  answer_after(0, 100 * kMillisecond);
  host.advance(4 * kSecond - 101 * kMillisecond);
  EXPECT_EQ(found.times, 0);
  host.advance(kMillisecond);
  EXPECT_EQ(found.times, 1);
  EXPECT_FALSE(found.result.timed_out);
  EXPECT_EQ(found.result.closest, std::vector<ContactRef>{contact(1)});
  // While nobody has answered there is no such end.
  Found silent;
  start_knowing({1, 2}).lookup(target, silent.done());
  host.advance(29 * kSecond);
  EXPECT_EQ(silent.times, 0);
  host.advance(kSecond);
  EXPECT_EQ(silent.times, 1);
}

TEST_F(SearchTest, TheApplicationIsToldWhatEveryLookupCameTo) {
  protocol.deadline = 2 * kSecond;
  Node& node = start_knowing({1});
  Kept<FindResult> find;
  node.find_value(target, {}, find.done());
  host.answer(host.last_request(), wire::FindValueReply{nodes({}), {}, {}});
  node.find_value(target, {}, find.done());
  host.answer(host.last_request(),
              wire::FindValueReply{std::vector<wire::Record>{{text("x")}}, {}, {}});
  Found lookup;
  node.lookup(target, lookup.done());
  answer_after(host.last_request(), 300 * kMillisecond);
  node.lookup(target, lookup.done());
  host.advance(2 * kSecond);
  node.cancel(node.lookup(target, lookup.done()));
  const auto& told = application.lookups;
  ASSERT_EQ(told.size(), 4U);  // not of the one that was cancelled
  const std::vector<bool> for_value{told[0].for_value, told[1].for_value, told[2].for_value};
  EXPECT_EQ(for_value, (std::vector<bool>{true, true, false}));
  const std::vector<bool> success{told[0].success, told[1].success, told[2].success,
                                  told[3].success};
  EXPECT_EQ(success, (std::vector<bool>{false, true, true, false}));
  EXPECT_EQ(told[2].elapsed, 300 * kMillisecond);
  EXPECT_EQ(told[2].stats.rpcs, 1U);
  EXPECT_FALSE(told[2].timed_out);
  EXPECT_TRUE(told[3].timed_out);
}

// Somebody closer is named twice a second: the search would go on for half a minute.
TEST_F(SearchTest, TheDeadlineCountsFromTheStartWhateverIsAnswered) {
  protocol.deadline = 7 * kSecond;
  protocol.call_timeout = 11 * kSecond;
  protocol.query_timeout = 3 * kSecond;
  Node& node = start_knowing({90});
  const auto answer_until = [&](Duration duration) {
    const Time end = host.now() + duration;
    while (host.now() + kSecond / 2 <= end) {
      host.advance(kSecond / 2);
      const auto open = host.open_requests();
      if (open.empty()) return;
      const std::uint64_t named = asked(open.back()) - 1;
      const bool for_value =
          std::holds_alternative<wire::FindValue>(host.requests[open.back()].message);
      host.answer(open.back(), for_value
                                   ? wire::Message{wire::FindValueReply{nodes({named}), {}, {}}}
                                   : wire::Message{wire::FindNodeReply{nodes({named})}});
    }
    host.advance(end - host.now());
  };
  const auto expect_over_at = [&](Duration deadline, const int& times) {
    answer_until(deadline - kMillisecond);
    EXPECT_EQ(times, 0);
    host.advance(kMillisecond);
    EXPECT_EQ(times, 1);
    expect_idle();
  };
  Found lookup;
  node.lookup(target, lookup.done());
  expect_over_at(protocol.deadline, lookup.times);
  EXPECT_TRUE(lookup.result.timed_out);
  EXPECT_EQ(lookup.result.elapsed, protocol.deadline);
  Kept<StoreResult> store;
  start_knowing({90}).store(target, text("x"), store.done());
  expect_over_at(protocol.deadline, store.times);
  Kept<FindResult> find;
  start_knowing({90}).find_value(numbered_id(1), {}, find.done());
  expect_over_at(protocol.deadline, find.times);
  // The discovery of a call ends with whichever is shorter.
  Kept<CallResult> call;
  start_knowing({90}).call({"p", "1", 4 * kSecond, std::nullopt, false}, call.done());
  expect_over_at(4 * kSecond, call.times);
  Kept<CallResult> patient;
  start_knowing({90}).call({"p", "1", std::nullopt, std::nullopt, false}, patient.done());
  expect_over_at(protocol.deadline, patient.times);
}

// The two others have answered, and the first is slow.
class SlowHolder : public SearchTest {
 protected:
  void find(std::uint32_t quorum, bool other_has_one = false) {
    protocol.quorum = quorum;
    first = host.requests.size();
    found = {};
    start_knowing({1, 2, 3}).find_value(target, {}, found.done());
    ASSERT_EQ(asked(first), 1U);
    host.advance(kSecond);
    host.advance(10 * kMillisecond);
    wire::FindValueReply other{ContactList{}};
    if (other_has_one) {
      other = wire::FindValueReply{std::vector<wire::Record>{{text("old")}}};
      other.outside = true;
    }
    host.answer(first + 1, std::move(other));
    host.answer(first + 2, wire::FindValueReply{ContactList{}});
  }
  void answer_late() {
    host.answer(first, wire::FindValueReply{std::vector<wire::Record>{{text("new")}}});
    ASSERT_EQ(found.times, 1);
    ASSERT_EQ(found.result.values.size(), 1U);
    EXPECT_EQ(*found.result.values[0], *text("new"));
    expect_idle();
  }

  std::size_t first = 0;
  Kept<FindResult> found;
};

TEST_F(SlowHolder, IsWaitedForWithAQuorum) {
  find(3);
  host.advance(3 * kSecond);
  EXPECT_EQ(found.times, 0);
  answer_late();
}

TEST_F(SlowHolder, IsWaitedForForAWhileWhereNothingWasFound) {
  find(1);
  EXPECT_EQ(found.times, 0);
  answer_late();
  find(1);
  host.advance(Searches::kLongestWait - 1010 * kMillisecond - kMillisecond);
  EXPECT_EQ(found.times, 0);
  host.advance(kMillisecond);
  EXPECT_EQ(found.times, 1);
  EXPECT_TRUE(found.result.values.empty());
  EXPECT_FALSE(found.result.timed_out);
}

TEST_F(SlowHolder, IsNotWaitedForWhereSomethingWasFound) {
  find(1, true);
  ASSERT_EQ(found.times, 1);
  EXPECT_EQ(*found.result.values.at(0), *text("old"));
}

// ----- what the own table knows besides -----

TEST_F(NodeTest, ALookupGoesOnWithItsOwnTableWhereFewerThanKAnswer) {
  protocol.maintenance = false;
  protocol.k = 2;
  protocol.bucket_size = 2;
  Node& node = start();
  // In buckets of their own, as seen from 0: the target's two closest fail.
  for (const std::uint64_t number : {1U, 2U, 4U, 8U}) node.add_contact(contact(number));
  std::vector<ContactRef> closest;
  node.lookup(numbered_id(1), [&](SearchResult& result) { closest = result.closest; });
  for (int i = 0; i < 2; ++i) host.fail(host.open_requests().front(), Failure::timeout);
  answer_all();
  EXPECT_EQ(closest, (std::vector<ContactRef>{contact(4), contact(8)}));
}

TEST_F(NodeTest, WhoeverAsksIsNotNamedToItself) {
  protocol.maintenance = false;
  protocol.k = 2;
  Node& node = start();
  for (const std::uint64_t number : {1U, 2U, 4U}) node.add_contact(contact(number));
  const InboundId request = host.ask(contact(1), wire::FindNode{numbered_id(1)});
  const auto& nodes = std::get<wire::FindNodeReply>(*host.reply_to(request)).nodes;
  EXPECT_EQ(std::vector<ContactRef>(nodes.begin(), nodes.end()),
            (std::vector<ContactRef>{contact(2), contact(4)}));
  const InboundId value = host.ask(contact(2), wire::FindValue{numbered_id(1)});
  const auto& reply = std::get<wire::FindValueReply>(*host.reply_to(value));
  for (const ContactRef named : std::get<ContactList>(reply.result)) EXPECT_NE(named, contact(2));
  EXPECT_EQ(std::get<ContactList>(reply.result).size(), 2U);
}

// With no loss and no churn meanwhile a find succeeds wherever the closest live node holds the
// value and is known, whoever of the others is dead.
RC_GTEST_FIXTURE_PROP(NodeTest, AReachableHolderIsFound, ()) {
  protocol.maintenance = false;
  protocol.adaptive_timeouts = *rc::gen::arbitrary<bool>();
  protocol.k = *rc::gen::inRange(1U, 4U);
  protocol.disjoint_paths = *rc::gen::inRange(1U, 3U);
  constexpr std::uint64_t kNodes = 12;
  const Key key = numbered_id(*rc::gen::inRange<std::uint64_t>(0, 64));
  std::vector<std::set<std::uint64_t>> knows(kNodes + 1);
  std::vector<bool> dead(kNodes + 1);
  for (std::uint64_t i = 1; i <= kNodes; ++i) {
    dead[i] = *rc::gen::inRange(0, 3) == 0;
    for (int j = *rc::gen::inRange(0, 4); j > 0; --j) {
      knows[i].insert(*rc::gen::inRange<std::uint64_t>(1, kNodes + 1));
    }
  }
  const auto holder = *rc::gen::inRange<std::uint64_t>(1, kNodes + 1);
  for (std::uint64_t i = 1; i <= kNodes; ++i) {
    dead[i] = dead[i] || distance(numbered_id(i), key) < distance(numbered_id(holder), key);
  }
  dead[holder] = false;
  Node& node = start();
  std::set<std::uint64_t> own{holder};
  for (int j = *rc::gen::inRange(1, 6); j > 0; --j) {
    own.insert(*rc::gen::inRange<std::uint64_t>(1, kNodes + 1));
  }
  for (const std::uint64_t number : own) node.add_contact(contact(number));
  bool found = false;
  FindOptions options;
  options.local = false;
  options.deadline = std::chrono::hours(1);
  node.find_value(key, options, [&](FindResult& result) { found = !result.values.empty(); });
  while (!host.open_requests().empty()) {
    const auto number_of = [&](std::size_t request) {
      return book.id(host.requests[request].to).words[3];
    };
    const std::vector<std::size_t> open = host.open_requests();
    const auto live = std::find_if(open.begin(), open.end(),
                                   [&](std::size_t each) { return !dead[number_of(each)]; });
    if (live == open.end()) {
      host.advance(kSecond / 2);
      continue;
    }
    const std::size_t request = *live;
    const std::uint64_t number = number_of(request);
    if (number == holder) {
      host.answer(request, wire::FindValueReply{std::vector<wire::Record>{{text("v")}}});
    } else {
      ContactList named;
      for (const std::uint64_t other : knows[number]) named.push_back(contact(other));
      host.answer(request, wire::FindValueReply{std::move(named)});
    }
  }
  RC_ASSERT(found);
}

}  // namespace
}  // namespace macula::dht
