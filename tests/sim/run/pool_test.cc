#include "sim/run/pool.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace macula::sim {
namespace {

// A pool of the nodes n#0 to n#(count - 1), but for `gone`.
Pool pool_of(NodeNumber count, NodeNumber gone = kNoNode) {
  std::vector<Pool::Entry> entries;
  for (NodeNumber node = 0; node < count; ++node) {
    if (node == gone) continue;
    entries.push_back({draw(hash_bytes("n#" + std::to_string(node))), node});
  }
  return Pool(std::move(entries));
}

constexpr auto kAnybody = [](NodeNumber) { return true; };

// The squares of the deviations, in units of their variance, within 5 standard deviations.
void expect_uniform(const std::vector<int>& counts, int draws) {
  const auto nodes = static_cast<double>(counts.size());
  const double mean = draws / nodes;
  double sum = 0;
  for (const int count : counts) sum += (count - mean) * (count - mean) / mean;
  EXPECT_NEAR(sum, nodes - 1, 5 * std::sqrt(2 * (nodes - 1)));
}

TEST(Pool, DrawsEachAsOftenWhetherTheyAreFewOrMany) {
  for (const NodeNumber count : {3U, 50U, 256U, 257U, 1000U, 5000U}) {
    const Pool pool = pool_of(count);
    std::vector<int> counts(count);
    const int draws = static_cast<int>(count) * 40;
    for (int i = 0; i < draws; ++i) ++counts[pool.any(static_cast<std::uint64_t>(i), kAnybody)];
    expect_uniform(counts, draws);
  }
}

TEST(Pool, OfTheLiveEachIsDrawnAsOften) {
  for (const NodeNumber count : {60U, 3000U}) {
    for (const NodeNumber live : {2U, 7U}) {  // one of so many is live
      const Pool pool = pool_of(count);
      std::vector<int> counts((count - 1) / live + 1);
      const int draws = static_cast<int>(counts.size()) * 40;
      for (int i = 0; i < draws; ++i) {
        const NodeNumber node = pool.any(static_cast<std::uint64_t>(i),
                                         [&](NodeNumber one) { return one % live == 0; });
        ++counts[node / live];
      }
      expect_uniform(counts, draws);
    }
  }
}

TEST(Pool, WhereNoneIsLiveThereIsNone) {
  for (const NodeNumber count : {0U, 1U, 10U, 1000U}) {
    EXPECT_EQ(pool_of(count).any(1, [](NodeNumber) { return false; }), kNoNode);
  }
  EXPECT_EQ(pool_of(1000).any(1, [](NodeNumber node) { return node == 77; }), 77U);
}

// In a large pool the cell of the node that is gone may be taken once less in so many tries.
RC_GTEST_PROP(Pool, ANodeThatWasNotDrawnMakesNoDifference, ()) {
  const auto count = *rc::gen::element<NodeNumber>(2, 10, 200, 1000, 3000);
  const auto gone = *rc::gen::inRange<NodeNumber>(0, count);
  const Pool all = pool_of(count);
  const Pool rest = pool_of(count, gone);
  const auto first = *rc::gen::arbitrary<std::uint64_t>();
  constexpr int kDraws = 500;
  int changed = 0;
  for (std::uint64_t key = first; key < first + kDraws; ++key) {
    const NodeNumber drawn = all.any(key, kAnybody);
    if (drawn != gone && rest.any(key, kAnybody) != drawn) ++changed;
  }
  RC_ASSERT(changed <= (count <= Pool::kFew ? 0 : kDraws / 100));
}

RC_GTEST_PROP(Pool, ASampleLosesTheOneThatIsGoneAndNoOther, ()) {
  const auto count = *rc::gen::element<NodeNumber>(2, 10, 200, 1000);
  const auto gone = *rc::gen::inRange<NodeNumber>(0, count);
  const auto size = *rc::gen::inRange<std::size_t>(0, count);
  const auto key = *rc::gen::arbitrary<std::uint64_t>();
  const auto before = pool_of(count).sample(key, size);
  const auto after = pool_of(count, gone).sample(key, size);
  RC_ASSERT(before.size() == size);
  RC_ASSERT(after.size() == size);
  RC_ASSERT(std::is_sorted(before.begin(), before.end()));
  for (const NodeNumber node : before) {
    RC_ASSERT(node == gone || std::binary_search(after.begin(), after.end(), node));
  }
}

TEST(Pool, ASampleTakesEachAsOften) {
  const Pool pool = pool_of(100);
  std::vector<int> counts(100);
  constexpr int kSamples = 400;
  for (std::uint64_t key = 0; key < kSamples; ++key) {
    for (const NodeNumber node : pool.sample(key, 10)) ++counts[node];
  }
  expect_uniform(counts, kSamples * 10);
}

}  // namespace
}  // namespace macula::sim
