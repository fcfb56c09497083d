#include "sim/net/congestion.h"

#include <gtest/gtest.h>

namespace macula::sim {
namespace {

constexpr Duration kMillisecond = std::chrono::milliseconds(1);
constexpr Duration kRoundTrip = 80 * kMillisecond;
constexpr Time kStart = kTimeZero + std::chrono::seconds(1);

TEST(Pace, CountsWhatLeavesWithinARoundTrip) {
  Pace pace;
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(pace.take(kStart, kRoundTrip, 1166));
  EXPECT_FALSE(pace.take(kStart, kRoundTrip, 1));
  EXPECT_FALSE(pace.take(kStart + kRoundTrip / 2, kRoundTrip, 1));
  // All of it was acknowledged: the window is as much larger.
  const Time next = kStart + 2 * kRoundTrip;
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(pace.take(next, kRoundTrip, 1166));
  EXPECT_FALSE(pace.take(next, kRoundTrip, 1));
}

TEST(Pace, GrowsNoFurtherThanSmallMessagesLetIt) {
  Pace pace;
  Time now = kStart;
  for (int i = 0; i < 1000; ++i) {
    static_cast<void>(pace.take(now, kRoundTrip, 1166));
    now += 2 * kRoundTrip;
  }
  EXPECT_EQ(pace.window(), quic_model::kInitialWindow * 289 / 100);
}

TEST(Pace, ShrinksToTwoPacketsAtLeast) {
  Pace pace;
  pace.shrink();
  EXPECT_EQ(pace.window(), quic_model::kInitialWindow * 7 / 10);
  for (int i = 0; i < 100; ++i) pace.shrink();
  EXPECT_EQ(pace.window(), quic_model::kLeastWindow);
}

// A window full leaves and is acknowledged a round trip later.
TEST(Window, DoublesWithEachRoundTrip) {
  Window window;
  for (std::uint64_t expected = quic_model::kInitialWindow; expected < 1'000'000; expected *= 2) {
    EXPECT_EQ(window.size, expected);
    window.under_way = expected;
    const Window::Flight flight{kStart, kStart + kRoundTrip, expected, 0, Duration{0}};
    window.acknowledge(flight, kRoundTrip, 0, expected);
    EXPECT_EQ(window.under_way, 0U);
  }
}

TEST(Window, GrowsNoFurtherThanWhatWasDeliveredAllows) {
  Window window;
  const Window::Flight flight{kStart, kStart + kRoundTrip, 1200, 0, Duration{0}};
  for (int i = 0; i < 1000; ++i) window.acknowledge(flight, kRoundTrip, 0, 1200);
  EXPECT_LE(window.size, quic_model::kInitialWindow * 289 / 100 + 1200);
}

TEST(Window, LossesOfOneRoundTripShrinkItOnce) {
  Window window;
  window.size = window.best = 100'000;
  window.shrink(kStart + kRoundTrip, kStart);
  window.shrink(kStart + kRoundTrip, kStart);
  EXPECT_EQ(window.size, 70'000U);
  // Slow start is over: a packet more for a window full.
  const Window::Flight flight{kStart, kStart + kRoundTrip, 70'000, 0, Duration{0}};
  window.acknowledge(flight, kRoundTrip, 0, 70'000);
  EXPECT_EQ(window.size, 71'200U);
}

TEST(Window, SendsNoMoreThanThePeerAllows) {
  Window window;
  window.size = 10'000'000;
  window.line = {3, 3};  // one message
  EXPECT_EQ(window.room(), quic_model::kStreamWindow);
  window.line = {3, 4};
  EXPECT_EQ(window.room(), quic_model::kConnectionWindow);
  window.under_way = quic_model::kConnectionWindow;
  EXPECT_EQ(window.room(), 0U);
}

}  // namespace
}  // namespace macula::sim
