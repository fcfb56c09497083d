#include "dht/quic/udp/poll_budget.h"

#include <gtest/gtest.h>

#include <vector>

namespace macula::dht::quic {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kWork = microseconds(3);  // to take a message and answer it

// Two ends of one request after another: each waits, takes the other's message, and answers.
struct Machine {
  const char* what;
  Duration wake_up;  // of a thread that sleeps
  Duration pause;    // of the asker, after an answer
  Duration slice;    // that others take of the core, whenever a poll yields it; zero: nobody does
  Duration stolen;   // from a poll, each 100 ms
  double least_polled;  // share of the waits
  double most_polled;
  double most_burnt;  // share of the time that polls to which nothing came, or late, took
};

struct End {
  PollBudget budget;
  Time begin = kTimeZero;  // of the wait under way
  Duration poll{0};        // its longest poll
  std::uint64_t polled = 0;
  std::uint64_t slept = 0;
  Duration burnt{0};

  void wait(Time now) {
    begin = now;
    poll = budget.begin(now);
  }
  // A timer that is due has woken the end, which waits again.
  void tick() {
    budget.end(false);
    poll = budget.begin(begin);
  }
  // A message arrives; when the end takes it.
  Time take(Time arrives, const Machine& machine, Duration stolen) {
    const Duration early = arrives - begin;
    Duration took = std::min(early, poll) + stolen;
    if (poll > Duration{0} && machine.slice > Duration{0}) {
      took = (took / machine.slice + 1) * machine.slice;
    }
    const bool came = poll > Duration{0} && early <= took;
    if (poll > Duration{0}) budget.polled(took, came);
    budget.end(true);
    if (poll > Duration{0} && (!came || took > PollBudget::kWakeUp)) burnt += took;
    ++(came ? polled : slept);
    return came ? begin + took : arrives + machine.wake_up;
  }
};

class PollBudgetTest : public testing::TestWithParam<Machine> {};

TEST_P(PollBudgetTest, PollsInTrafficAndBurnsLittle) {
  const Machine& machine = GetParam();
  End asker;
  End answerer;
  const Time begin = kTimeZero + std::chrono::hours(1);
  Time now = begin;
  asker.wait(now);
  answerer.wait(now);
  Time steal = now;
  for (int i = 0; i < 100'000; ++i) {
    now = answerer.take(now, machine, Duration{0}) + kWork;
    answerer.wait(now);
    if (i % 2 == 0) answerer.tick();
    const bool due = machine.stolen > Duration{0} && now >= steal;
    if (due) steal = now + milliseconds(100);
    now = asker.take(now, machine, due ? machine.stolen : Duration{0}) + kWork + machine.pause;
    asker.wait(now);
  }
  for (const End* end : {&asker, &answerer}) {
    const auto waits = static_cast<double>(end->polled + end->slept);
    const double polled = static_cast<double>(end->polled) / waits;
    const double burnt =
        static_cast<double>(end->burnt.count()) / static_cast<double>((now - begin).count());
    EXPECT_GE(polled, machine.least_polled) << machine.what;
    EXPECT_LE(polled, machine.most_polled) << machine.what;
    EXPECT_LE(burnt, machine.most_burnt) << machine.what;
  }
}

constexpr Duration kNone{0};
constexpr Duration kSlice = milliseconds(4);

INSTANTIATE_TEST_SUITE_P(
    Machines, PollBudgetTest,
    testing::Values(
        Machine{"wakes in 5 us", microseconds(5), kNone, kNone, kNone, 0.999, 1, 0.001},
        Machine{"wakes in 50 us", microseconds(50), kNone, kNone, kNone, 0.999, 1, 0.001},
        Machine{"wakes in 150 us", microseconds(150), kNone, kNone, kNone, 0.999, 1, 0.002},
        Machine{"wakes in 300 us", microseconds(300), kNone, kNone, kNone, 0.999, 1, 0.002},
        Machine{"wakes too late for any poll", milliseconds(1), kNone, kNone, kNone, 0, 0.05,
                0.012},
        Machine{"a message each 0.7 ms", microseconds(5), microseconds(700), kNone, kNone, 0, 1,
                0.012},
        Machine{"a message each 2 ms", microseconds(50), milliseconds(2), kNone, kNone, 0, 0.001,
                1e-5},
        Machine{"a keepalive each 20 s", microseconds(50), seconds(20), kNone, kNone, 0, 0.001,
                1e-8},
        Machine{"others need the core", microseconds(50), kNone, kSlice, kNone, 0, 0.1, 0.012},
        Machine{"now and then a bit is stolen", microseconds(50), kNone, kNone, milliseconds(1),
                0.95, 1, 0.012}));

// The cost of a wait is forgotten in time.
TEST(PollBudget, PollsAgainAfterItsDebts) {
  PollBudget budget;
  Time now = kTimeZero + std::chrono::hours(1);
  const auto wait = [&](Duration took) {
    const Duration poll = budget.begin(now);
    if (poll > Duration{0}) budget.polled(took, false);
    budget.end(true);
    now += took;
    return poll;
  };
  for (int i = 0; i < 2; ++i) static_cast<void>(wait(kWork));
  EXPECT_EQ(wait(milliseconds(40)), PollBudget::kLongest);  // the core was lost meanwhile
  for (int i = 0; i < 10; ++i) EXPECT_EQ(wait(kWork), kNone);
  now += PollBudget::kBurst * PollBudget::kShare;
  for (int i = 0; i < 2; ++i) static_cast<void>(wait(kWork));
  EXPECT_EQ(wait(kWork), PollBudget::kLongest);
}

}  // namespace
}  // namespace macula::dht::quic
