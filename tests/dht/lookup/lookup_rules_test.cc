// The rules that end a lookup, and what it cost, on small networks made by hand.
#include <gtest/gtest.h>

#include "tests/dht/lookup/lookup_by_hand.h"

namespace macula::dht {
namespace {

TEST(LookupRules, WithNothingToAskItIsFinished) {
  for (const StopRule stop : {StopRule::paper, StopRule::slot, StopRule::no_change}) {
    LookupByHand search({20, 3, stop, false});
    EXPECT_EQ(search.next(), 0U);
    EXPECT_TRUE(search.lookup.finished());
    EXPECT_EQ(search.closest(), Numbers{});
    EXPECT_EQ(search.lookup.stats().rpcs, 0U);
  }
}

TEST(LookupRules, PaperReplacesAFailedNode) {
  LookupByHand search({2, 1, StopRule::paper, false});
  search.start({1, 2, 3, 4});
  EXPECT_EQ(search.next(), 1U);
  EXPECT_EQ(search.next(), 0U);  // alpha is 1
  EXPECT_FALSE(search.lookup.finished());
  search.fail(1);
  EXPECT_EQ(search.next(), 2U);
  search.answer(2);
  EXPECT_EQ(search.next(), 3U);
  search.answer(3);
  EXPECT_EQ(search.next(), 0U);
  EXPECT_TRUE(search.lookup.finished());
  EXPECT_EQ(search.closest(), (Numbers{2, 3}));
}

TEST(LookupRules, SlotKeepsAFailedNodesPlace) {
  LookupByHand search({2, 1, StopRule::slot, false});
  search.start({1, 2, 3, 4});
  EXPECT_EQ(search.next(), 1U);
  search.fail(1);
  EXPECT_EQ(search.next(), 2U);
  search.answer(2);
  EXPECT_EQ(search.next(), 0U);
  EXPECT_TRUE(search.lookup.finished());
  EXPECT_EQ(search.closest(), (Numbers{2}));
}

TEST(LookupRules, NoChangeStopsAfterARoundThatBroughtNothingNear) {
  LookupByHand search({3, 1, StopRule::no_change, false});
  search.start({5, 6, 7});
  EXPECT_EQ(search.next(), 5U);
  search.answer(5, {8, 9});  // known, but farther than the k closest
  EXPECT_EQ(search.next(), 0U);
  EXPECT_TRUE(search.lookup.finished());
  EXPECT_EQ(search.closest(), (Numbers{5}));
}

TEST(LookupRules, NoChangeGivesUpInFrontOfADeadNode) {
  LookupByHand search({3, 1, StopRule::no_change, false});
  search.start({5, 6, 7});
  EXPECT_EQ(search.next(), 5U);
  search.fail(5);
  EXPECT_EQ(search.next(), 0U);
  EXPECT_TRUE(search.lookup.finished());
  EXPECT_EQ(search.closest(), Numbers{});
}

TEST(LookupRules, NoChangeAsksAWholeRoundBeforeItLooks) {
  LookupByHand search({3, 2, StopRule::no_change, true});
  search.start({5, 6, 7});
  EXPECT_EQ(search.next(), 5U);
  EXPECT_EQ(search.next(), 0U);  // sequential: one after another
  search.answer(5, {1});
  EXPECT_EQ(search.next(), 6U);  // of this round still, though 1 is nearer
  search.answer(6);
  EXPECT_EQ(search.next(), 1U);  // the list is 1, 5, 6 now: another round
  search.answer(1);
  EXPECT_EQ(search.next(), 0U);
  EXPECT_TRUE(search.lookup.finished());
  EXPECT_EQ(search.closest(), (Numbers{1, 5, 6}));
}

TEST(LookupRules, NoChangeInParallelAsksARoundAtOnce) {
  LookupByHand search({3, 2, StopRule::no_change, false});
  search.start({5, 6, 7});
  EXPECT_EQ(search.next(), 5U);
  EXPECT_EQ(search.next(), 6U);
  EXPECT_EQ(search.next(), 0U);
  search.answer(6, {1});
  EXPECT_EQ(search.next(), 0U);  // the round is not over
  search.answer(5);
  EXPECT_EQ(search.next(), 1U);
}

// An answer much longer than k pushes nodes off the list; those of the round in progress stay.
TEST(LookupRules, NoChangeFinishesARoundThatALongAnswerInterrupts) {
  LookupByHand search({2, 2, StopRule::no_change, true});
  search.start({100, 101});
  EXPECT_EQ(search.next(), 100U);
  Numbers nearer;
  for (std::uint64_t i = 1; i <= 50; ++i) nearer.push_back(i);
  search.answer(100, nearer);
  EXPECT_EQ(search.next(), 101U);
  search.answer(101);
  EXPECT_EQ(search.next(), 1U);
  EXPECT_EQ(search.lookup.violation(), std::nullopt);
}

TEST(LookupRules, SomeAreAskedBeforeAllOthersHoweverFar) {
  LookupRules rules;
  rules.k = 2;
  rules.alpha = 2;
  LookupByHand by_hand(rules);
  by_hand.start({1, 2, 3, 4});
  for (const std::uint64_t far : {50U, 60U, 4U}) by_hand.lookup.add_first(by_hand.node(far));
  EXPECT_EQ(by_hand.all_next(), (Numbers{50, 60}));
  by_hand.answer(50);
  EXPECT_EQ(by_hand.all_next(), (Numbers{4}));
  by_hand.answer(4);
  by_hand.answer(60);
  EXPECT_EQ(by_hand.all_next(), (Numbers{1, 2}));
  by_hand.answer(1);
  by_hand.answer(2);
  EXPECT_EQ(by_hand.next(), 0U);
  EXPECT_TRUE(by_hand.lookup.finished());
  EXPECT_EQ(by_hand.closest(), (Numbers{1, 2}));
}

TEST(LookupRules, NeverAsksItself) {
  LookupByHand search({3, 3, StopRule::paper, false}, numbered_id(2));
  search.start({2, 4});
  EXPECT_EQ(search.next(), 4U);
  search.answer(4, {2, 3});
  EXPECT_EQ(search.next(), 3U);
  search.answer(3, {2});
  EXPECT_EQ(search.next(), 0U);
  EXPECT_EQ(search.closest(), (Numbers{3, 4}));
}

TEST(LookupRules, OneIdIsAskedUnderOneAddress) {
  LookupByHand search({3, 3, StopRule::paper, false});
  search.start({4});
  const Contact moved{numbered_id(4), numbered_endpoint(99), std::nullopt};
  search.lookup.add_start(*search.book.intern(moved));
  EXPECT_EQ(search.next(), 4U);
  EXPECT_EQ(search.next(), 0U);
}

// ----- what it cost -----

TEST(LookupStats, OfAChain) {
  LookupByHand search({1, 1, StopRule::paper, false});
  search.start({8});
  for (const std::uint64_t number : {8U, 4U, 2U}) {
    ASSERT_EQ(search.next(), number);
    search.answer(number, {number / 2});
  }
  ASSERT_EQ(search.next(), 1U);
  search.answer(1);
  ASSERT_EQ(search.next(), 0U);
  const LookupStats stats = search.lookup.stats();
  EXPECT_EQ(stats.depth, 4U);  // 8 from the own table, then three referrals
  EXPECT_EQ(stats.rounds, 4U);
  EXPECT_EQ(stats.rpcs, 4U);
  EXPECT_EQ(stats.failures, 0U);
}

// However many far ones were asked and are remembered, the nearer one is asked next.
TEST(LookupStats, OfALongChain) {
  LookupByHand search({1, 1, StopRule::paper, false});
  constexpr std::uint64_t kLength = 200;
  search.start({kLength});
  for (std::uint64_t number = kLength; number > 1; --number) {
    ASSERT_EQ(search.next(), number);
    search.answer(number, {number - 1});
  }
  ASSERT_EQ(search.next(), 1U);
  search.answer(1);
  ASSERT_EQ(search.next(), 0U);
  EXPECT_EQ(search.closest(), (Numbers{1}));
  EXPECT_EQ(search.lookup.stats().rounds, kLength);
  EXPECT_EQ(search.lookup.stats().depth, kLength);
}

TEST(LookupStats, RequestsSentAtOnceAreOneRound) {
  LookupByHand search({3, 3, StopRule::paper, false});
  search.start({1, 2, 3});
  for (int i = 0; i < 3; ++i) EXPECT_NE(search.next(), 0U);
  search.answer(2, {4});
  search.answer(1);
  search.fail(3);
  EXPECT_EQ(search.next(), 4U);  // in the place of 3
  search.answer(4);
  EXPECT_EQ(search.next(), 0U);
  const LookupStats stats = search.lookup.stats();
  EXPECT_EQ(stats.rounds, 2U);
  EXPECT_EQ(stats.rpcs, 4U);
  EXPECT_EQ(stats.failures, 1U);
  EXPECT_EQ(stats.depth, 1U);  // one of the closest stood in the own table
}

TEST(LookupStats, ASearcherAmongTheClosestHasDepthNothing) {
  LookupByHand search({2, 1, StopRule::paper, false}, numbered_id(2));
  search.start({1, 3});
  ASSERT_EQ(search.next(), 1U);
  search.answer(1);
  ASSERT_EQ(search.next(), 3U);
  search.answer(3);
  ASSERT_EQ(search.next(), 0U);
  EXPECT_EQ(search.lookup.stats().depth, 0U);

  LookupByHand farther({2, 1, StopRule::paper, false}, numbered_id(4));
  farther.start({1, 3});
  for (const std::uint64_t number : {1U, 3U}) {
    ASSERT_EQ(farther.next(), number);
    farther.answer(number);
  }
  EXPECT_EQ(farther.lookup.stats().depth, 1U);
}

TEST(LookupStats, DepthIsThatOfTheFirstOfTheClosestHeardOf) {
  LookupByHand search({2, 1, StopRule::paper, false});
  search.start({8});
  ASSERT_EQ(search.next(), 8U);
  search.answer(8, {4});
  ASSERT_EQ(search.next(), 4U);
  search.answer(4, {2});
  ASSERT_EQ(search.next(), 2U);
  search.answer(2, {1});
  ASSERT_EQ(search.next(), 1U);
  search.answer(1);
  ASSERT_EQ(search.next(), 0U);
  EXPECT_EQ(search.closest(), (Numbers{1, 2}));
  EXPECT_EQ(search.lookup.stats().depth, 3U);  // 2, two referrals away; 1 came later
}

// ----- one node at two addresses -----

ContactRef elsewhere(LookupByHand& hand, std::uint64_t number) {
  return *hand.book.intern({numbered_id(number), make_ipv4(0x7f000001, 666), std::nullopt});
}

TEST(Lookup, WhoFailedAtOneAddressIsAskedAtAnother) {
  for (const bool named_before_it_failed : {false, true}) {
    LookupByHand hand({.k = 4, .alpha = 3});
    const ContactRef wrong = elsewhere(hand, 2);
    hand.start({40, 50});
    EXPECT_EQ(hand.all_next(), (Numbers{40, 50}));
    hand.lookup.on_answer(hand.node(40), list_of({wrong}));
    EXPECT_EQ(hand.lookup.next(), wrong);
    if (named_before_it_failed) hand.answer(50, {2});
    hand.lookup.on_failure(wrong, Failure::timeout);
    if (!named_before_it_failed) hand.answer(50, {2});
    EXPECT_EQ(hand.lookup.next(), hand.node(2));
    hand.answer(2);
    EXPECT_FALSE(hand.lookup.next());
    EXPECT_TRUE(hand.lookup.finished());
    EXPECT_EQ(hand.closest(), (Numbers{2, 40, 50}));
    EXPECT_EQ(hand.lookup.violation(), std::nullopt);
  }
}

TEST(Lookup, WhoIsSlowAtOneAddressIsAskedAtAnotherAndCountsOnce) {
  LookupByHand hand({.k = 4, .alpha = 3});
  const ContactRef wrong = elsewhere(hand, 2);
  hand.start({40});
  EXPECT_EQ(hand.all_next(), (Numbers{40}));
  hand.lookup.on_answer(hand.node(40), list_of({wrong, hand.node(2)}));
  EXPECT_EQ(hand.lookup.next(), wrong);
  EXPECT_FALSE(hand.lookup.next());  // not at both at once
  hand.lookup.on_slow(wrong);
  EXPECT_EQ(hand.lookup.next(), hand.node(2));
  hand.answer(2);
  hand.lookup.on_answer(wrong, {});
  EXPECT_EQ(hand.closest(), (Numbers{2, 40}));
  EXPECT_EQ(hand.lookup.answered(), 2U);
  EXPECT_EQ(hand.lookup.violation(), std::nullopt);
}

TEST(Lookup, ANodeThatFailsAtAllItsAddressesEndsTheLookupAllTheSame) {
  LookupByHand hand({.k = 4, .alpha = 3});
  const ContactRef wrong = elsewhere(hand, 2);
  hand.start({40});
  EXPECT_EQ(hand.all_next(), (Numbers{40}));
  hand.lookup.on_answer(hand.node(40), list_of({wrong, hand.node(2)}));
  for (int i = 0; i < 2; ++i) {
    const auto asked = hand.lookup.next();
    ASSERT_TRUE(asked);
    hand.lookup.on_failure(*asked, Failure::timeout);
  }
  EXPECT_FALSE(hand.lookup.next());
  EXPECT_TRUE(hand.lookup.finished());
  EXPECT_FALSE(hand.lookup.offer(wrong));
  EXPECT_EQ(hand.closest(), (Numbers{40}));
}

// A peer that invents addresses for a node makes no lookup remember or ask all of them.
TEST(Lookup, ANodeIsAskedAtSoManyAddressesAndNoMore) {
  LookupByHand hand({.k = 20, .alpha = 10});
  hand.start({40, 41, 42, 43, 44, 45, 46, 47, 48, 49});
  std::uint16_t port = 0;
  for (const std::uint64_t number : hand.all_next()) {
    std::vector<ContactRef> invented;
    for (int i = 0; i < 20; ++i) {
      const Endpoint endpoint = make_ipv4(0x7f000001, ++port);
      invented.push_back(*hand.book.intern({numbered_id(2), endpoint, std::nullopt}));
    }
    hand.lookup.on_answer(hand.node(number), list_of(invented));
  }
  std::size_t asked = 0;
  while (const auto next = hand.lookup.next()) {
    ++asked;
    hand.lookup.on_failure(*next, Failure::timeout);
  }
  EXPECT_GT(asked, 1U);
  EXPECT_LE(asked, 100U);
}

}  // namespace
}  // namespace macula::dht
