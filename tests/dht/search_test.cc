// Searches of a node: who is silent for how long, with how many timers, and what is left at the
// end.
#include "dht/search.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "tests/dht/node_fixture.h"

namespace macula::dht {
namespace {

using Found = Kept<SearchResult>;

class SearchTest : public NodeTest {
 protected:
  const NodeId target = numbered_id(0);  // contact 1 is the closest to it, then 2, 3 and so on

  SearchTest() {
    protocol.k = 2;
    protocol.alpha = 1;
    protocol.widen = false;
    protocol.maintenance = false;
  }
  Node& start_knowing(const std::vector<std::uint64_t>& numbers) {
    Node& node = start_as(contact(0xffff));
    for (const std::uint64_t number : numbers) node.add_contact(contact(number));
    return node;
  }
  // To whom the request went.
  std::uint64_t asked(std::size_t request) {
    return book.id(host.requests.at(request).to).words[3];
  }
  void answer_after(std::size_t request, Duration delay) {
    host.advance(delay);
    host.answer(request, wire::FindNodeReply{});
  }
};

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

// ----- cancelled -----

// With one word enough, whoever is slow is stepped over; a quorum means the k closest.
TEST_F(SearchTest, AQuorumWaitsForSlowOnesAmongTheKClosest) {
  for (const std::uint32_t quorum : {1U, 3U}) {
    protocol.quorum = quorum;
    Kept<FindResult> found;
    const std::size_t before = host.requests.size();
    start_knowing({1, 2, 3}).find_value(target, {}, found.done());
    ASSERT_EQ(asked(before), 1U);
    host.advance(kSecond);
    for (const std::size_t request : {before + 1, before + 2}) {
      host.advance(10 * kMillisecond);
      host.answer(request, wire::FindValueReply{ContactList{}});
    }
    if (quorum == 1) {
      EXPECT_EQ(found.times, 1);
      continue;
    }
    host.advance(2 * kSecond);
    EXPECT_EQ(found.times, 0);
    wire::Record record{text("new")};
    host.answer(before, wire::FindValueReply{std::vector<wire::Record>{record}});
    ASSERT_EQ(found.times, 1);
    ASSERT_EQ(found.result.values.size(), 1U);
    EXPECT_EQ(*found.result.values[0], *text("new"));
  }
}

TEST_F(SearchTest, CancelledItLeavesNoRequestAndNoTimer) {
  protocol.alpha = 2;
  Node& node = start_knowing({1, 2, 3});
  Found found;
  const OperationId lookup = node.lookup(target, found.done());
  ASSERT_EQ(host.open_requests().size(), 2U);
  node.cancel(lookup);
  expect_idle();
  host.advance(protocol.deadline);
  EXPECT_EQ(found.times, 0);
  EXPECT_EQ(host.requests.size(), 2U);
  EXPECT_TRUE(node.table().contains(contact(1)));
}

TEST_F(SearchTest, CancelledItLetsGoOfItsDoneFunction) {
  Node& node = start_knowing({1});
  auto held = std::make_shared<int>(0);
  const OperationId lookup = node.lookup(target, [held](SearchResult&) { ++*held; });
  EXPECT_EQ(held.use_count(), 2);
  node.cancel(lookup);
  EXPECT_EQ(held.use_count(), 1);
}

TEST_F(SearchTest, CancelledItDoubtsTheSlowAsAtAnyEnd) {
  protocol.maintenance = true;
  Node& node = start_knowing({1, 2});
  Found found;
  const OperationId lookup = node.lookup(target, found.done());
  host.advance(1500 * kMillisecond);  // 1 is slow, 2 is not
  const std::size_t asked_by_lookup = host.requests.size();
  node.cancel(lookup);
  EXPECT_TRUE(host.open_requests().empty());
  host.advance(Searches::kDoubt);
  ASSERT_EQ(host.requests.size(), asked_by_lookup + 1);
  EXPECT_EQ(asked(asked_by_lookup), 1U);
  EXPECT_NO_THROW(sent_as<wire::Ping>(asked_by_lookup));
}

TEST_F(SearchTest, TheNameOfOneThatHasEndedCancelsNoOtherInItsSlot) {
  Node& node = start_knowing({1});
  Found first;
  Found second;
  const OperationId ended = node.lookup(target, first.done());
  answer_after(0, kMillisecond);
  const OperationId next = node.lookup(target, second.done());
  ASSERT_EQ(next.slot, ended.slot);
  node.cancel(ended);
  node.cancel(OperationId{});
  EXPECT_EQ(host.open_requests().size(), 1U);
  answer_after(1, kMillisecond);
  EXPECT_EQ(second.times, 1);
  node.cancel(next);
  node.cancel(next);
  expect_idle();
}

TEST_F(SearchTest, OneThatEndsBeforeItsCallReturnsHasNothingToCancel) {
  Node& node = start_knowing({});
  Found found;
  const OperationId ended = node.lookup(target, found.done());
  EXPECT_EQ(found.times, 1);
  node.cancel(ended);
  expect_idle();
}

TEST_F(SearchTest, ADoneFunctionMayCancelItselfAndOthersAndStartMore) {
  Node& node = start_knowing({1, 2});
  OperationId own;
  OperationId other;
  Found another;
  Found started;
  int times = 0;
  own = node.lookup(numbered_id(1), [&](SearchResult&) {
    ++times;
    node.lookup(target, started.done());  // in the slot of the one that ends
    node.cancel(own);
    node.cancel(other);
  });
  other = node.lookup(numbered_id(2), another.done());
  host.answer(0, wire::FindNodeReply{});
  host.answer(2, wire::FindNodeReply{});
  EXPECT_EQ(times, 1);
  EXPECT_EQ(another.times, 0);
  while (!host.open_requests().empty()) {
    host.answer(host.open_requests().front(), wire::FindNodeReply{});
  }
  EXPECT_EQ(started.times, 1);
  expect_idle();
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
