#include "dht/quic/udp/loop.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <thread>

namespace macula::dht::quic {
namespace {

constexpr Duration kMs = std::chrono::milliseconds(1);
// A guard against hangs, however busy the machine is.
constexpr Duration kNever = std::chrono::minutes(10);
constexpr Duration kSoon = std::chrono::minutes(1);

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK), 0);
    in.reset(ends[1]);
    out.reset(ends[0]);
  }
  void fill() { EXPECT_EQ(::write(in.get(), "x", 1), 1); }
  UniqueFd in, out;
};

class LoopTest : public testing::Test {
 protected:
  std::unique_ptr<Loop> loop = std::move(*Loop::create());
};

TEST_F(LoopTest, DeadlinesFireInOrderAndEqualOnesInOrderOfSetting) {
  std::string order;
  const Time now = loop->now();
  loop->at(now + 20 * kMs, [&] { order += 'c'; });
  loop->at(now + 10 * kMs, [&] { order += 'a'; });
  loop->at(now + 10 * kMs, [&] { order += 'b'; });
  loop->at(now + 30 * kMs, [&] { loop->stop(); });
  loop->run();
  EXPECT_EQ(order, "abc");
}

TEST_F(LoopTest, ADeadlineFiresNeverEarlyAndSoon) {
  const Time due = loop->now() + 5 * kMs;
  Time fired{};
  loop->at(due, [&] {
    fired = loop->now();
    loop->stop();
  });
  loop->run();
  EXPECT_GE(fired, due);
  EXPECT_LT(fired - due, kSoon);
}

TEST_F(LoopTest, ACancelledDeadlineIsNotCalledEvenByItsNeighbour) {
  bool called = false;
  const Time now = loop->now();
  const auto second = loop->at(now + 2 * kMs, [&] { called = true; });
  loop->at(now + kMs, [&] { loop->cancel(second); });
  loop->at(now + 20 * kMs, [&] { loop->stop(); });
  loop->run();
  EXPECT_FALSE(called);
}

TEST_F(LoopTest, AHandlerMayForgetItselfAndOthersOfTheRound) {
  Pipe first, second;
  first.fill();
  second.fill();
  int calls = 0;
  std::optional<Loop::WatchId> a, b;
  // Whichever is first takes both away.
  const auto handler = [&](std::uint32_t) {
    ++calls;
    loop->forget(*a);
    loop->forget(*b);
  };
  a = loop->watch(first.out.get(), EPOLLIN, handler);
  b = loop->watch(second.out.get(), EPOLLIN, handler);
  loop->run_once(kNever);
  loop->run_once(kMs);
  EXPECT_EQ(calls, 1);
}

TEST_F(LoopTest, OnlyWhatIsAskedForIsTold) {
  Pipe pipe;
  std::uint32_t told = 0;
  const auto watch = loop->watch(pipe.out.get(), 0, [&](std::uint32_t ready) { told = ready; });
  pipe.fill();
  loop->run_once(5 * kMs);
  EXPECT_EQ(told, 0U);
  loop->change(*watch, EPOLLIN);
  loop->run_once(kNever);
  EXPECT_EQ(told, std::uint32_t{EPOLLIN});
}

TEST_F(LoopTest, AnotherThreadWakesIt) {
  const auto here = std::this_thread::get_id();
  bool called_here = false;
  std::thread other([&] {
    loop->post([&] {
      called_here = std::this_thread::get_id() == here;
      loop->stop();
    });
  });
  loop->run();
  other.join();
  EXPECT_TRUE(called_here);
}

TEST_F(LoopTest, WhatAPostedActionPostsIsCalledToo) {
  int calls = 0;
  loop->post([&] {
    ++calls;
    loop->post([&] { ++calls; });
  });
  for (int i = 0; i < 5; ++i) loop->run_once(kMs);
  EXPECT_EQ(calls, 2);
}

TEST_F(LoopTest, SignalsAreHandedOver) {
  int told = 0;
  ASSERT_TRUE(loop->on_signal({SIGUSR1}, [&](int signal) {
    told = signal;
    loop->stop();
  }));
  ASSERT_EQ(::pthread_kill(::pthread_self(), SIGUSR1), 0);
  loop->run();
  EXPECT_EQ(told, SIGUSR1);
}

TEST_F(LoopTest, ARoundAfterAStopIsARoundLikeAnyOther) {
  loop->post([&] { loop->stop(); });
  loop->run();
  bool called = false;
  loop->post([&] { called = true; });
  loop->run_once(kNever);
  EXPECT_TRUE(called);
}

struct Counter final : LoopMember {
  Time settle(Time now) override {
    ++settled;
    return next <= now ? kTimeMax : next;
  }
  int settled = 0;
  Time next = kTimeMax;
};

TEST_F(LoopTest, MembersAreSettledBeforeEachSleepAndWakeIt) {
  Counter member;
  loop->join(member);
  loop->run_once(kMs);
  EXPECT_EQ(member.settled, 1);
  member.next = loop->now() + 5 * kMs;
  const Time begin = loop->now();
  loop->run_once(kNever);
  EXPECT_GE(loop->now(), member.next);
  EXPECT_LT(loop->now() - begin, kSoon);
  loop->leave(member);
  loop->run_once(kMs);
  EXPECT_EQ(member.settled, 2);
}

}  // namespace
}  // namespace macula::dht::quic
