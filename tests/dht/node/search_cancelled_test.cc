// Searches that are cancelled leave nothing behind.
#include <gtest/gtest.h>

#include <memory>

#include "tests/dht/node/search_fixture.h"

namespace macula::dht {
namespace {

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

}  // namespace
}  // namespace macula::dht
