#include "sim/cli/ordered_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace macula::sim {
namespace {

TEST(RunOrdered, HandsOverInOrderWhoeverIsFirst) {
  for (const unsigned jobs : {1U, 2U, 8U}) {
    constexpr std::size_t kCount = 40;
    std::vector<int> worked(kCount);
    std::vector<std::size_t> order;
    OrderedWork ordered;
    ordered.work = [&](std::size_t i) {
      // Later indexes are quicker, so that order is not won by chance.
      std::this_thread::sleep_for(std::chrono::microseconds((kCount - i) * 50));
      ++worked[i];
    };
    ordered.done = [&](std::size_t i) {
      EXPECT_EQ(worked[i], 1);
      order.push_back(i);
    };
    ordered.tick = [] {};
    run_ordered(kCount, jobs, ordered);
    ASSERT_EQ(order.size(), kCount);
    for (std::size_t i = 0; i < kCount; ++i) EXPECT_EQ(order[i], i);
  }
}

TEST(RunOrdered, WorksOnSeveralAtOnce) {
  std::atomic<int> waiting = 0;
  OrderedWork ordered;
  // Each waits for the other: with one thread this would not end before the deadline.
  ordered.work = [&](std::size_t) {
    ++waiting;
    for (int i = 0; i < 10'000 && waiting < 2; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  };
  int met = 0;
  ordered.done = [&](std::size_t) { met = waiting; };
  ordered.tick = [] {};
  run_ordered(2, 2, ordered);
  EXPECT_EQ(met, 2);
}

TEST(RunOrdered, TicksWhileItWaits) {
  std::atomic<int> ticks = 0;
  OrderedWork ordered;
  ordered.work = [&](std::size_t) {
    for (int i = 0; i < 10'000 && ticks == 0; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  };
  ordered.done = [](std::size_t) {};
  ordered.tick = [&] { ++ticks; };
  run_ordered(1, 1, ordered);
  EXPECT_GE(ticks, 1);
}

TEST(RunOrdered, NothingToDoIsDone) {
  OrderedWork ordered;
  ordered.work = ordered.done = [](std::size_t) { FAIL(); };
  ordered.tick = [] {};
  run_ordered(0, 4, ordered);
}

}  // namespace
}  // namespace macula::sim
