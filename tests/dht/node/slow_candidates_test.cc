// Candidates that are silent for longer than usual, and rounds that bring nothing closer.
#include <gtest/gtest.h>

#include "tests/dht/lookup/lookup_by_hand.h"

namespace macula::dht {
namespace {

LookupRules paper(std::uint32_t k, std::uint32_t alpha) {
  return {k, alpha, StopRule::paper, false};
}

TEST(SlowCandidate, FreesItsSlotAndIsAskedPast) {
  LookupByHand search(paper(2, 1));
  search.start({1, 2, 3, 4});
  EXPECT_EQ(search.all_next(), (Numbers{1}));
  search.slow(1);
  EXPECT_EQ(search.all_next(), (Numbers{2}));
  search.answer(2);
  EXPECT_EQ(search.all_next(), (Numbers{3}));  // the second of the closest that are not slow
  search.answer(3);
  EXPECT_EQ(search.all_next(), Numbers{});
  EXPECT_TRUE(search.lookup.finished());
  EXPECT_EQ(search.closest(), (Numbers{2, 3}));
  EXPECT_EQ(search.lookup.outstanding().size(), 1U);  // for the owner to cancel
  EXPECT_EQ(search.lookup.stats().slow, 1U);
  EXPECT_EQ(search.lookup.stats().failures, 0U);
}

// A quorum means the k closest, wherever they are: others are asked meanwhile.
TEST(SlowCandidate, IsWaitedForWhereTheRuleSaysSo) {
  LookupRules rules = paper(2, 1);
  rules.waits = true;
  LookupByHand search(rules);
  search.start({1, 2, 3, 4});
  EXPECT_EQ(search.all_next(), (Numbers{1}));
  search.slow(1);
  EXPECT_EQ(search.all_next(), (Numbers{2}));
  search.answer(2);
  EXPECT_EQ(search.all_next(), (Numbers{3}));
  search.answer(3);
  EXPECT_EQ(search.all_next(), Numbers{});
  EXPECT_FALSE(search.lookup.finished());
  EXPECT_EQ(search.lookup.missed().size(), 1U);
  search.answer(1);
  EXPECT_EQ(search.all_next(), Numbers{});
  EXPECT_TRUE(search.lookup.finished());
  EXPECT_EQ(search.closest(), (Numbers{1, 2}));
  EXPECT_TRUE(search.lookup.missed().empty());
}

TEST(SlowCandidate, AnswersLateAndStandsWhereItBelongs) {
  LookupByHand search(paper(2, 1));
  search.start({1, 2, 3});
  EXPECT_EQ(search.all_next(), (Numbers{1}));
  search.slow(1);
  EXPECT_EQ(search.all_next(), (Numbers{2}));
  search.answer(1);
  search.answer(1);  // once
  EXPECT_EQ(search.all_next(), Numbers{});
  EXPECT_FALSE(search.lookup.finished());
  search.answer(2);
  EXPECT_EQ(search.all_next(), Numbers{});
  EXPECT_TRUE(search.lookup.finished());
  EXPECT_EQ(search.closest(), (Numbers{1, 2}));
  EXPECT_EQ(search.lookup.stats().rpcs, 2U);
}

// A late answer must not free the slot that silence has freed before.
TEST(SlowCandidate, FreesItsSlotOnce) {
  LookupByHand search(paper(20, 1));
  search.start({1, 2, 3, 4, 5});
  EXPECT_EQ(search.all_next(), (Numbers{1}));
  search.slow(1);
  search.slow(1);
  EXPECT_EQ(search.all_next(), (Numbers{2}));
  search.answer(1);
  EXPECT_EQ(search.all_next(), Numbers{});
  search.answer(2);
  EXPECT_EQ(search.all_next(), (Numbers{3}));
  search.slow(3);
  EXPECT_EQ(search.all_next(), (Numbers{4}));
  search.fail(3);
  EXPECT_EQ(search.all_next(), Numbers{});
  EXPECT_EQ(search.lookup.stats().slow, 2U);
  EXPECT_EQ(search.lookup.stats().failures, 1U);
  EXPECT_EQ(search.lookup.stats().timeouts, 1U);
}

TEST(SlowCandidate, IsWaitedForWhereTooFewHaveAnswered) {
  LookupByHand search(paper(3, 3));
  search.start({1, 2});
  EXPECT_EQ(search.all_next(), (Numbers{1, 2}));
  search.slow(1);
  search.answer(2);
  EXPECT_EQ(search.all_next(), Numbers{});
  EXPECT_FALSE(search.lookup.finished());
  search.answer(1, {3});
  EXPECT_EQ(search.all_next(), (Numbers{3}));
  search.slow(3);
  EXPECT_EQ(search.all_next(), Numbers{});
  search.fail(3);
  EXPECT_EQ(search.all_next(), Numbers{});
  EXPECT_TRUE(search.lookup.finished());
  EXPECT_EQ(search.closest(), (Numbers{1, 2}));
}

TEST(SlowCandidate, KeepsItsSlotWithRuleSlot) {
  LookupByHand search({2, 1, StopRule::slot, false});
  search.start({1, 2, 3, 4});
  EXPECT_EQ(search.all_next(), (Numbers{1}));
  search.slow(1);
  EXPECT_EQ(search.all_next(), (Numbers{2}));
  search.answer(2);
  EXPECT_EQ(search.all_next(), Numbers{});  // 3 is not among the two closest
  EXPECT_FALSE(search.lookup.finished());
  search.fail(1);
  EXPECT_EQ(search.all_next(), Numbers{});
  EXPECT_TRUE(search.lookup.finished());
  EXPECT_EQ(search.closest(), (Numbers{2}));
}

TEST(SlowCandidate, HoldsUpTheEndOfARoundWithRuleNoChange) {
  LookupByHand search({3, 2, StopRule::no_change, true});
  search.start({5, 6, 7});
  EXPECT_EQ(search.all_next(), (Numbers{5}));
  search.slow(5);
  EXPECT_EQ(search.all_next(), (Numbers{6}));  // of the same round
  search.answer(6);
  EXPECT_EQ(search.all_next(), Numbers{});
  EXPECT_FALSE(search.lookup.finished());
  search.answer(5, {1});
  EXPECT_EQ(search.all_next(), (Numbers{1}));
}

TEST(SlowCandidate, ReportsOfOthersAreIgnored) {
  LookupByHand search(paper(2, 2));
  search.start({1, 2, 3});
  search.slow(1);  // not asked yet
  EXPECT_EQ(search.all_next(), (Numbers{1, 2}));
  search.answer(1);
  search.slow(1);
  search.slow(9);
  EXPECT_EQ(search.lookup.stats().slow, 0U);
  EXPECT_EQ(search.lookup.violation(), std::nullopt);
}

// ----- widening -----

LookupRules widening(std::uint32_t k, std::uint32_t alpha) {
  return {k, alpha, StopRule::paper, false, true};
}

TEST(WidenedLookup, AsksAllOfTheClosestAfterARoundThatBroughtNothingCloser) {
  LookupByHand search(widening(5, 2));
  search.start({1, 2, 3, 4, 5, 6});
  EXPECT_EQ(search.all_next(), (Numbers{1, 2}));
  search.answer(1);
  EXPECT_EQ(search.all_next(), (Numbers{3}));  // the round is not over
  search.answer(2, {9});
  EXPECT_EQ(search.all_next(), (Numbers{4, 5}));
  EXPECT_EQ(search.lookup.parallelism(), 5U);
}

TEST(WidenedLookup, IsNarrowAgainOnceSomebodyCloserIsFound) {
  LookupByHand search(widening(4, 1));
  search.start({4, 5, 6, 7});
  EXPECT_EQ(search.all_next(), (Numbers{4}));
  search.answer(4);
  EXPECT_EQ(search.all_next(), (Numbers{5, 6, 7}));
  for (const std::uint64_t number : {5U, 6U}) search.answer(number);
  search.answer(7, {1, 2, 3});
  EXPECT_EQ(search.all_next(), (Numbers{1}));
  EXPECT_EQ(search.lookup.parallelism(), 1U);
}

TEST(WidenedLookup, CountsSilenceAsBringingNothing) {
  LookupByHand search(widening(4, 2));
  search.start({1, 2, 3, 4, 5});
  EXPECT_EQ(search.all_next(), (Numbers{1, 2}));
  search.slow(1);
  EXPECT_EQ(search.all_next(), (Numbers{3}));
  search.fail(2);
  EXPECT_EQ(search.all_next(), (Numbers{4, 5}));
}

TEST(WidenedLookup, NeverWidensWhereQueriesGoOneAfterAnother) {
  LookupByHand search({4, 2, StopRule::paper, true, true});
  search.start({1, 2, 3, 4});
  for (const std::uint64_t number : {1U, 2U, 3U, 4U}) {
    EXPECT_EQ(search.all_next(), (Numbers{number}));
    search.answer(number);
  }
}

}  // namespace
}  // namespace macula::dht
