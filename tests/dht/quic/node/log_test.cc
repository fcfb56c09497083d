#include "dht/quic/node/log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "dht/quic/udp/clock.h"
#include "dht/quic/udp/monotonic_clock.h"

namespace macula::dht::quic {
namespace {

TEST(LogBudget, SoManyLinesAtOnceAndThenSoManyASecond) {
  LogBudget budget;
  Time now = kTimeZero + std::chrono::hours(1);
  const auto taken = [&](int tries) {
    std::uint64_t count = 0;
    for (int i = 0; i < tries; ++i) count += budget.take(now) ? 1 : 0;
    return count;
  };
  EXPECT_EQ(taken(1000), LogBudget::kAtOnce);
  now += 3 * LogBudget::kEach;
  EXPECT_EQ(taken(1000), 3U);
  now += LogBudget::kEach / 2;
  EXPECT_EQ(taken(1000), 0U);
  now += LogBudget::kEach / 2;
  EXPECT_EQ(taken(1000), 1U);
  now += std::chrono::hours(1);  // the savings have a limit
  EXPECT_EQ(taken(1000), LogBudget::kAtOnce);
}

TEST(Log, WhatOthersWroteIsShownEscapedAndBeginsNoLine) {
  testing::internal::CaptureStderr();
  log("met \x1b[2J\nmacula-node: forged");
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_EQ(text.find('\x1b'), std::string::npos) << text;
  EXPECT_EQ(text.find("\nmacula-node: forged"), std::string::npos) << text;
  EXPECT_NE(text.find("\\u001b[2J\\u000amacula-node: forged"), std::string::npos) << text;
}

TEST(Log, AFloodOfLinesIsCutAndCounted) {
  const std::uint64_t before = log_lines_lost();
  testing::internal::CaptureStderr();
  for (int i = 0; i < 5000; ++i) log("flood");
  const std::string text = testing::internal::GetCapturedStderr();
  const auto lines = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
  EXPECT_LT(lines, 5000U);
  EXPECT_GE(log_lines_lost() - before + lines, 5000U);
}

// Two nodes of one machine, and of another: their times tell nothing of it.
TEST(ProcessClock, TellsNotForHowLongTheMachineRuns) {
  Clock& clock = process_clock();
  const Duration ahead = clock.now() - monotonic_now();
  EXPECT_GT(std::max(ahead, -ahead),
            std::chrono::hours(1));  // but for one in three hundred thousand
  // It passes as that of the machine does.
  const Time time = clock.now() + std::chrono::seconds(5);
  const Duration left = clock.wait_until(time) - monotonic_now();
  EXPECT_LE(left, std::chrono::seconds(5));
  EXPECT_GE(clock.now(), kTimeZero);
}

}  // namespace
}  // namespace macula::dht::quic
