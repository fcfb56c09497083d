#include "sim/engine/event_queue.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <limits>
#include <vector>

#include "sim/engine/random.h"

namespace macula::sim {
namespace {

using std::chrono_literals::operator""s;

// The queue as it should be, the slow way: a list kept in order by stable insertion.
class Reference {
 public:
  void push(const Event& event) {
    const auto later = [](const Event& a, const Event& b) { return a.time_ns < b.time_ns; };
    events_.insert(std::upper_bound(events_.begin(), events_.end(), event, later), event);
  }
  Event pop() {
    const Event event = events_.front();
    events_.erase(events_.begin());
    return event;
  }
  [[nodiscard]] bool empty() const { return events_.empty(); }
  [[nodiscard]] const std::vector<Event>& events() const { return events_; }

 private:
  std::vector<Event> events_;
};

bool same(const Event& a, const Event& b) {
  return a.time_ns == b.time_ns && a.slot == b.slot && a.tag == b.tag;
}

// A step of a test: add events this long after the last popped, or pop some.
struct Step {
  bool push;
  std::uint32_t count;
  std::int64_t delay_ns;
};

// Delays of all magnitudes, with many ties and a spread of none, some and much.
Step random_step(RandomStream& random) {
  const auto magnitude = static_cast<unsigned>(random.below(40));
  const std::uint64_t delay = random.below(std::uint64_t{1} << magnitude);
  return {random.below(2) == 0, static_cast<std::uint32_t>(random.below(200)),
          static_cast<std::int64_t>(random.below(4) == 0 ? 0 : delay)};
}

void expect_like_reference(std::uint64_t seed, int steps) {
  EventQueue queue;
  Reference reference;
  RandomStream random(seed);
  std::uint32_t pushed = 0;
  for (int i = 0; i < steps; ++i) {
    const Step step = random_step(random);
    for (std::uint32_t n = 0; n < step.count; ++n) {
      if (step.push) {
        const std::int64_t spread = n % 3 == 0 ? 0 : static_cast<std::int64_t>(random.below(n));
        const Event event{to_ns(queue.last()) + step.delay_ns + spread, pushed++, n};
        queue.push(time_from_ns(event.time_ns), event.slot, event.tag);
        reference.push(event);
      } else if (!reference.empty()) {
        ASSERT_EQ(to_ns(queue.next_time()), reference.events().front().time_ns);
        const Event expected = reference.pop();
        ASSERT_TRUE(same(queue.pop(), expected)) << "seed " << seed << " event " << expected.slot;
        ASSERT_EQ(to_ns(queue.last()), expected.time_ns);
      }
      ASSERT_EQ(queue.size(), reference.events().size());
    }
  }
  while (!reference.empty()) {
    ASSERT_TRUE(same(queue.pop(), reference.pop())) << "seed " << seed;
  }
  ASSERT_TRUE(queue.empty());
}

RC_GTEST_PROP(EventQueue, LeavesInOrderOfTimeThenArrival, (std::uint64_t seed)) {
  expect_like_reference(seed, 30);
  RC_ASSERT(!::testing::Test::HasFatalFailure());
}

TEST(EventQueue, LeavesInOrderOfTimeThenArrivalForLong) {
  expect_like_reference(1, 2000);
}

TEST(EventQueue, KeepsTheOrderOfAMillionTies) {
  EventQueue queue;
  constexpr std::uint32_t kCount = 1'000'000;
  for (std::uint32_t i = 0; i < kCount / 2; ++i) {
    queue.push(time_from_ns(77), i, 0);
  }
  std::uint32_t added = kCount / 2;
  for (std::uint32_t i = 0; i < kCount; ++i) {
    if (added < kCount) {
      queue.push(time_from_ns(77), added++, 0);  // during the instant, too
    }
    ASSERT_EQ(queue.pop().slot, i);
  }
  EXPECT_TRUE(queue.empty());
}

// Everything goes to just before a lone far event: 0.05 s, but minutes if each had to push the
// others aside.
TEST(EventQueue, StaysFastWhenMuchIsAddedBeforeALoneEvent) {
  EventQueue queue;
  queue.push(time_from_ns(1), 0, 0);
  queue.push(kTimeZero + 90s, 0, 0);
  queue.push(kTimeZero + 100s, 0, 0);
  queue.pop();
  queue.pop();
  RandomStream random(5);
  const std::clock_t begin = std::clock();  // of this process: others may have the machine
  for (std::uint32_t i = 0; i < 500'000; ++i) {
    ASSERT_LE(queue.next_time(), kTimeZero + 100s);
    ASSERT_LT(std::clock() - begin, 10 * CLOCKS_PER_SEC) << "after " << i;
    queue.push(queue.last() + Duration{static_cast<std::int64_t>(random.below(1'000'000'000))}, i,
               0);
  }
  Time before = queue.last();
  while (queue.size() > 1) {
    const Time time = time_from_ns(queue.pop().time_ns);
    ASSERT_LE(before, time);
    before = time;
  }
  EXPECT_EQ(queue.next_time(), kTimeZero + 100s);
}

TEST(EventQueue, ReachesTheEndOfTime) {
  EventQueue queue;
  queue.push(kTimeMax, 2, 0);
  queue.push(kTimeZero, 1, 0);
  queue.push(kTimeMax, 3, 0);
  EXPECT_EQ(queue.pop().slot, 1U);
  EXPECT_EQ(queue.pop().slot, 2U);
  queue.push(kTimeMax, 4, 0);
  EXPECT_EQ(queue.pop().slot, 3U);
  EXPECT_EQ(queue.pop().slot, 4U);
  EXPECT_EQ(queue.last(), kTimeMax);
}

TEST(EventQueue, RefusesThePastAndTheVoid) {
  EventQueue queue;
  EXPECT_DEATH(queue.pop(), "check failed");
  EXPECT_DEATH(queue.push(time_from_ns(-1), 0, 0), "check failed");
  queue.push(time_from_ns(10), 0, 0);
  queue.pop();
  EXPECT_DEATH(queue.push(time_from_ns(9), 0, 0), "check failed");
}

// The hints come true while nothing is pushed: all that is known ahead leaves as foretold, and
// under load most is known.
TEST(EventQueue, ForetellsWhatComesNext) {
  EventQueue queue;
  RandomStream random(9);
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    queue.push(time_from_ns(static_cast<std::int64_t>(random.below(40'000'000))), i, 0);
  }
  constexpr std::size_t kAhead = 4;
  std::uint32_t known = 0;
  std::vector<Event> foretold(kAhead, Event{});
  std::vector<bool> is_foretold(kAhead, false);
  for (std::size_t i = 0; i < 100'000; ++i) {
    const Event* ahead = queue.peek(kAhead);
    const bool was_foretold = is_foretold[i % kAhead];
    const Event expected = foretold[i % kAhead];
    is_foretold[i % kAhead] = ahead != nullptr;
    if (ahead != nullptr) {
      ++known;
      foretold[i % kAhead] = *ahead;
    }
    const Event event = queue.pop();
    if (was_foretold) {
      ASSERT_TRUE(same(event, expected)) << i;
    }
  }
  EXPECT_GT(known, 95'000U);
  EXPECT_EQ(queue.peek(0), nullptr);
}

TEST(EventQueue, ReusesItsMemoryWithinAnInstant) {
  EventQueue queue;
  queue.push(time_from_ns(4), 0, 0);
  for (std::uint32_t i = 1; i < 1'000'000; ++i) {
    queue.push(time_from_ns(4), i, 0);
    ASSERT_EQ(queue.pop().slot, i - 1);
  }
  EXPECT_LE(queue.reserved(), std::size_t{128} << 10);
}

TEST(EventQueue, ReusesItsMemory) {
  EventQueue queue;
  RandomStream random(3);
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    queue.push(time_from_ns(static_cast<std::int64_t>(random.below(1'000'000'000))), i, 0);
  }
  const std::size_t filled = queue.reserved();
  EXPECT_LT(filled, std::size_t{6} << 20);
  for (std::uint32_t i = 0; i < 1'000'000; ++i) {
    const Event event = queue.pop();
    queue.push(time_from_ns(event.time_ns + static_cast<std::int64_t>(random.below(1'000'000'000))),
               i, 0);
  }
  EXPECT_LE(queue.reserved(), filled + (std::size_t{2} << 20));
}

std::vector<std::uint32_t> order_of_ties(std::optional<std::uint64_t> shuffle_seed) {
  EventQueue queue(shuffle_seed);
  for (std::uint32_t i = 0; i < 300; ++i) {
    queue.push(time_from_ns(i / 100), i, 0);
  }
  std::vector<std::uint32_t> order;
  while (!queue.empty()) {
    order.push_back(queue.pop().slot);
  }
  return order;
}

TEST(EventQueue, ShufflesTiesAndNothingElse) {
  const std::vector<std::uint32_t> plain = order_of_ties({});
  const std::vector<std::uint32_t> shuffled = order_of_ties(1);
  EXPECT_TRUE(std::is_sorted(plain.begin(), plain.end()));
  for (std::size_t instant = 0; instant < 3; ++instant) {
    const auto first = static_cast<std::ptrdiff_t>(instant * 100);
    std::vector<std::uint32_t> part(shuffled.begin() + first, shuffled.begin() + first + 100);
    EXPECT_FALSE(std::is_sorted(part.begin(), part.end()));
    std::sort(part.begin(), part.end());
    EXPECT_TRUE(std::equal(part.begin(), part.end(), plain.begin() + first));
  }
  EXPECT_EQ(shuffled, order_of_ties(1));
  EXPECT_NE(shuffled, order_of_ties(2));
}

// Each of three ties comes first, second and third about as often as the others.
TEST(EventQueue, ShufflesEvenly) {
  std::uint32_t counts[3][3] = {};
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    EventQueue queue(seed);
    for (std::uint32_t slot = 0; slot < 3; ++slot) {
      queue.push(time_from_ns(1000), slot, 0);
    }
    for (auto& place : counts) {
      ++place[queue.pop().slot];
    }
  }
  for (const auto& place : counts) {
    for (const std::uint32_t count : place) {
      EXPECT_NEAR(count, 1000, 130);  // five standard deviations
    }
  }
}

// An event added during its instant may overtake those that wait, but never comes in another.
TEST(EventQueue, ShufflesWhatIsAddedDuringTheInstant) {
  bool overtook = false;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    EventQueue queue(seed);
    queue.push(time_from_ns(5), 0, 0);
    queue.push(time_from_ns(5), 1, 0);
    queue.push(time_from_ns(5), 2, 0);
    queue.push(time_from_ns(6), 9, 0);
    queue.pop();
    queue.push(time_from_ns(5), 3, 0);
    std::vector<std::uint32_t> rest;
    while (queue.size() > 1) {
      rest.push_back(queue.pop().slot);
    }
    ASSERT_EQ(std::count(rest.begin(), rest.end(), 3U), 1);
    overtook = overtook || rest.back() != 3;
    ASSERT_EQ(queue.pop().slot, 9U);
  }
  EXPECT_TRUE(overtook);
}

}  // namespace
}  // namespace macula::sim
