// The small parts of a QUIC host: timers, handles, the index by number.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "dht/quic/host/flat_index.h"
#include "dht/quic/host/timer_queue.h"

namespace macula::dht::quic::host {
namespace {

// Against a list that is sorted by (time, order of setting).
RC_GTEST_PROP(TimerQueue, FiresInOrderWhateverIsCancelled, ()) {
  TimerQueue<int> timers;
  std::vector<std::pair<Time, int>> model;
  std::vector<Handle> handles;
  const int count = *rc::gen::inRange(0, 200);
  for (int i = 0; i < count; ++i) {
    const Time time = time_from_ns(*rc::gen::inRange(0, 20));
    handles.push_back(timers.set(time, i));
    model.emplace_back(time, i);
    if (*rc::gen::inRange(0, 3) == 0) {
      const auto victim = *rc::gen::inRange<std::size_t>(0, handles.size());
      timers.cancel(handles[victim]);  // perhaps for the second time
      const auto place = std::find_if(model.begin(), model.end(), [&](const auto& each) {
        return each.second == static_cast<int>(victim);
      });
      if (place != model.end()) model.erase(place);
    }
  }
  std::sort(model.begin(), model.end());
  RC_ASSERT(timers.size() == model.size());
  for (const auto& [time, number] : model) {
    RC_ASSERT(timers.next() == time);
    RC_ASSERT(timers.pop() == number);
  }
  RC_ASSERT(timers.next() == kTimeMax);
}

TEST(TimerQueue, AHandleOfOneThatHasFiredCancelsNoOther) {
  TimerQueue<int> timers;
  const Handle first = timers.set(kTimeZero, 1);
  EXPECT_EQ(timers.pop(), 1);
  timers.set(kTimeZero, 2);
  timers.cancel(first);
  EXPECT_EQ(timers.size(), 1U);
}

RC_GTEST_PROP(FlatIndex, IsAMap, ()) {
  FlatIndex index;
  std::map<std::uint64_t, Handle> model;
  const auto steps = *rc::gen::inRange(0, 500);
  for (int i = 0; i < steps; ++i) {
    const auto key = *rc::gen::inRange<std::uint64_t>(0, 60);
    if (*rc::gen::inRange(0, 5) < 2) {
      index.erase(key);
      model.erase(key);
    } else {
      const Handle value = *rc::gen::inRange<Handle>(1, 1000);
      index.set(key, value);
      model[key] = value;
    }
    RC_ASSERT(index.size() == model.size());
  }
  for (std::uint64_t key = 0; key < 60; ++key) {
    const auto found = model.find(key);
    RC_ASSERT(index.get(key) == (found == model.end() ? kNoHandle : found->second));
  }
}

TEST(HandlePool, WhatAnItemOwnedIsFreedWithIt) {
  HandlePool<std::string> pool;
  const Handle first = pool.add();
  pool.find(first)->assign(1'000'000, 'x');
  pool.remove(first);
  const std::string& next = *pool.find(pool.add());
  EXPECT_TRUE(next.empty());
  EXPECT_LT(next.capacity(), 1000u);
}

TEST(HandlePool, AHandleGoesStaleWhenItsItemEnds) {
  HandlePool<int> pool;
  const Handle first = pool.add();
  *pool.find(first) = 7;
  pool.remove(first);
  EXPECT_EQ(pool.find(first), nullptr);
  const Handle second = pool.add();
  EXPECT_NE(first, second);
  EXPECT_EQ(*pool.find(second), 0);
  EXPECT_EQ(pool.find(first), nullptr);
  EXPECT_EQ(pool.find(kNoHandle), nullptr);
}

}  // namespace
}  // namespace macula::dht::quic::host
