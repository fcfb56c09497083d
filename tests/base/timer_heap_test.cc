#include "base/timer_heap.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <utility>
#include <vector>

namespace macula {
namespace {

struct Wake {
  Time time = kTimeMax;
  std::uint64_t number = 0;
  std::size_t place = 0;
};

// Against an ordered set of (time, number).
RC_GTEST_PROP(TimerHeap, TheEarliestComesFirstAndTiesByNumber, ()) {
  TimerHeap<Wake> heap;
  std::vector<std::unique_ptr<Wake>> timers;
  std::set<std::pair<Time, std::uint64_t>> expected;
  std::uint64_t number = 0;
  const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 6));
  for (const int step : steps) {
    if (step == 0 || timers.empty()) {
      timers.push_back(std::make_unique<Wake>());
      timers.back()->number = ++number;
      heap.add(*timers.back());
      expected.emplace(kTimeMax, number);
    } else {
      auto& timer = timers[*rc::gen::inRange<std::size_t>(0, timers.size())];
      expected.erase({timer->time, timer->number});
      if (step == 1) {
        heap.remove(*timer);
        std::swap(timer, timers.back());
        timers.pop_back();
      } else {
        heap.set(*timer, time_from_ns(*rc::gen::inRange(0, 5)));
        expected.emplace(timer->time, timer->number);
      }
    }
    heap.check_invariants();
    RC_ASSERT(heap.timers().size() == expected.size());
    RC_ASSERT(heap.first() == (expected.empty() ? kTimeMax : expected.begin()->first));
    if (!expected.empty()) RC_ASSERT(heap.front().number == expected.begin()->second);
  }
}

}  // namespace
}  // namespace macula
