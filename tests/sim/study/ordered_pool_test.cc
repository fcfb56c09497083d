#include "sim/study/ordered_pool.h"

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
    ordered.work = [&](std::size_t i, const GiveUpThread&) {
      // Later indexes are quicker, so that order is not won by chance.
      std::this_thread::sleep_for(std::chrono::microseconds((kCount - i) * 50));
      ++worked[i];
    };
    ordered.done = [&](std::size_t i) {
      EXPECT_EQ(worked[i], 1);
      order.push_back(i);
    };
    run_ordered(kCount, jobs, ordered);
    ASSERT_EQ(order.size(), kCount);
    for (std::size_t i = 0; i < kCount; ++i) EXPECT_EQ(order[i], i);
  }
}

TEST(RunOrdered, WorksOnSeveralAtOnce) {
  std::atomic<int> waiting = 0;
  OrderedWork ordered;
  // Each waits for the other: with one thread this would not end before the deadline.
  ordered.work = [&](std::size_t, const GiveUpThread&) {
    ++waiting;
    for (int i = 0; i < 10'000 && waiting < 2; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  };
  int met = 0;
  ordered.done = [&](std::size_t) { met = waiting; };
  run_ordered(2, 2, ordered);
  EXPECT_EQ(met, 2);
}

TEST(RunOrdered, TicksWhileItWaits) {
  std::atomic<int> ticks = 0;
  OrderedWork ordered;
  ordered.work = [&](std::size_t, const GiveUpThread&) {
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
  ordered.work = [](std::size_t, const GiveUpThread&) { FAIL(); };
  ordered.done = [](std::size_t) { FAIL(); };
  run_ordered(0, 4, ordered);
}

TEST(RunOrdered, WorkThatCannotReturnCostsNoOther) {
  for (const unsigned jobs : {1U, 3U}) {
    OrderedWork ordered;
    // Data that a thread holds on to lives on when the thread is given up.
    auto* results = new std::vector<int>(20);
    ordered.work = [results](std::size_t i, const GiveUpThread& give_up) {
      (*results)[i] = 1;
      if (i % 4 == 1) give_up();
    };
    std::vector<std::size_t> order;
    ordered.done = [&](std::size_t i) { order.push_back(i); };
    const WorkDone done = run_ordered(results->size(), jobs, ordered);
    EXPECT_EQ(done.handed_over, 20U);
    EXPECT_FALSE(done.running);
    for (std::size_t i = 0; i < order.size(); ++i) EXPECT_EQ(order[i], i);
    EXPECT_EQ(*results, std::vector<int>(20, 1));
  }
}

TEST(RunOrdered, StopsBetweenPiecesAndHandsOverWhatIsDone) {
  OrderedWork ordered;
  std::atomic<bool> second_done = false;
  std::atomic<bool> stopped = false;
  // The first piece waits for the second, and for being told to stop.
  ordered.work = [&](std::size_t i, const GiveUpThread&) {
    if (i == 1) second_done = true;
    while (i == 0 && !(second_done && stopped)) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    while (i > 1 && !stopped) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  };
  std::vector<std::size_t> order;
  ordered.done = [&](std::size_t i) { order.push_back(i); };
  ordered.stop = [&] {
    stopped = second_done.load();
    return stopped.load();
  };
  const WorkDone done = run_ordered(1000, 2, ordered);
  EXPECT_FALSE(done.running);
  EXPECT_EQ(done.handed_over, order.size());
  EXPECT_GE(order.size(), 2U);
  EXPECT_LT(order.size(), 10U) << "no more begins";
  for (std::size_t i = 0; i < order.size(); ++i) EXPECT_EQ(order[i], i);
}

}  // namespace
}  // namespace macula::sim
