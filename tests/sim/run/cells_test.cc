#include "sim/run/cells.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
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
  RandomStream some(key);
  RandomStream each(key);
  const std::size_t takes = cells.try_some(some, first, end, taken);
  std::size_t at = 0;
  for (std::size_t i = 0; i < Cells::kSome; ++i) {
    const std::uint64_t attempt = each.next();
    const auto range = cells.tried(attempt, first, end);
    if (!range) continue;
    RC_ASSERT(at < takes);
    RC_ASSERT(taken[at].attempt == attempt);
    RC_ASSERT(Cells::Range(taken[at].first, taken[at].end) == *range);
    ++at;
  }
  RC_ASSERT(at == takes);
  RC_ASSERT(some.next() == each.next());
}

// Each number is drawn as often, however many share its cell.
TEST(Cells, TakeEachNumberEquallyOften) {
  constexpr std::uint64_t kCount = 300;
  constexpr std::uint64_t kAttempts = 2'000'000;
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t i = 0; i < kCount; ++i) numbers.push_back(draw(i));
  std::sort(numbers.begin(), numbers.end());
  const Cells cells(numbers.size(), [&](std::size_t i) { return numbers[i]; });
  std::vector<double> times(cells.count(), 0);
  RandomStream attempts(1);
  double all = 0;
  for (std::uint64_t i = 0; i < kAttempts; ++i) {
    const auto range = cells.tried(attempts.next(), 0, cells.count());
    if (!range) continue;
    ++times[cells.of(numbers[range->first])];
    ++all;
  }
  for (std::size_t cell = 0; cell < cells.count(); ++cell) {
    const auto [first, end] = cells.range(cell);
    const double expected = all * static_cast<double>(end - first) / kCount;
    EXPECT_NEAR(times[cell], expected, 5 * std::sqrt(expected)) << "cell " << cell;
  }
}

}  // namespace
}  // namespace macula::sim
