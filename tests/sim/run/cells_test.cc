#include "sim/run/cells.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

namespace macula::sim {
namespace {

RC_GTEST_PROP(CellsProperty, ManyAttemptsTakeWhatEachOfThemTakes, ()) {
  std::vector<std::uint64_t> numbers;
  const auto count = *rc::gen::inRange<std::uint64_t>(0, 2000);
  for (std::uint64_t i = 0; i < count; ++i) numbers.push_back(draw(i));
  std::sort(numbers.begin(), numbers.end());
  const Cells cells(numbers.size(), [&](std::size_t i) { return numbers[i]; });
  const auto key = *rc::gen::arbitrary<std::uint64_t>();
  const auto first = *rc::gen::inRange<std::size_t>(0, cells.count());
  const auto end = *rc::gen::inRange<std::size_t>(first + 1, cells.count() + 1);
  std::array<Cells::Taken, Cells::kSome> taken;
  const std::size_t takes = cells.try_some(key, Cells::kSome, first, end, taken);
  std::size_t at = 0;
  for (std::uint64_t i = Cells::kSome; i < 2 * Cells::kSome; ++i) {
    const auto range = cells.tried(mix(key, i), first, end);
    if (!range) continue;
    RC_ASSERT(at < takes);
    RC_ASSERT(taken[at].attempt == mix(key, i));
    RC_ASSERT(Cells::Range(taken[at].first, taken[at].end) == *range);
    ++at;
  }
  RC_ASSERT(at == takes);
}

}  // namespace
}  // namespace macula::sim
