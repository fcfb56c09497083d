#include "sim/net/congestion.h"

#include <gtest/gtest.h>

#include "tests/sim/net/path.h"

namespace macula::sim {
namespace {

TEST(Pace, CountsWhatLeavesWithinARoundTrip) {
  Pace pace;
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(pace.take(kStart, kPathRoundTrip, 1166));
  EXPECT_FALSE(pace.take(kStart, kPathRoundTrip, 1));
  EXPECT_FALSE(pace.take(kStart + kPathRoundTrip / 2, kPathRoundTrip, 1));
  // All of it was acknowledged: the window is as much larger.
  const Time next = kStart + 2 * kPathRoundTrip;
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(pace.take(next, kPathRoundTrip, 1166));
  EXPECT_FALSE(pace.take(next, kPathRoundTrip, 1));
}

TEST(Pace, GrowsNoFurtherThanSmallMessagesLetIt) {
  Pace pace;
  Time now = kStart;
  for (int i = 0; i < 1000; ++i) {
    static_cast<void>(pace.take(now, kPathRoundTrip, 1166));
    now += 2 * kPathRoundTrip;
  }
  EXPECT_EQ(pace.window(), quic_model::kInitialWindow * 289 / 100);
}

TEST(Pace, CountsOnWhereNothingIsHeard) {
  Pace pace;
  EXPECT_TRUE(pace.take(kStart, kPathRoundTrip, 1166));
  for (int i = 0; i < 9; ++i) EXPECT_TRUE(pace.add(1166));
  EXPECT_FALSE(pace.add(1));
}

TEST(Pace, ShrinksToTwoPacketsAtLeast) {
  Pace pace;
  pace.shrink();
  EXPECT_EQ(pace.window(), quic_model::kInitialWindow * 7 / 10);
  for (int i = 0; i < 100; ++i) pace.shrink();
  EXPECT_EQ(pace.window(), quic_model::kLeastWindow);
}

// Bytes leave and are acknowledged a round trip later.
Time send_and_hear(Window& window, Time now, std::uint64_t bytes) {
  Window::Flight flight = window.begin(now, kPathRoundTrip);
  flight.bytes = window.under_way = bytes;
  window.acknowledge(flight, flight.acknowledged, kPathRoundTrip, bytes);
  EXPECT_EQ(window.under_way, 0U);
  return flight.acknowledged;
}

TEST(Window, DoublesWithEachRoundTrip) {
  Window window;
  Time now = kStart;
  for (std::uint64_t expected = quic_model::kInitialWindow; expected < 1'000'000; expected *= 2) {
    EXPECT_EQ(window.size, expected);
    now = send_and_hear(window, now, expected);
  }
}

TEST(Window, GrowsNoFurtherThanWhatWasDeliveredAllows) {
  Window window;
  Time now = kStart;
  for (int i = 0; i < 1000; ++i) now = send_and_hear(window, now, 1200);
  EXPECT_LE(window.size, quic_model::kInitialWindow * 289 / 100 + 1200);
}

TEST(Window, TakesTheRateOverAllThatWasDeliveredMeanwhile) {
  Window window;
  Window::Flight first = window.begin(kStart, kPathRoundTrip);
  window.under_way = 20'000;
  Window::Flight second = window.begin(kStart + kPathRoundTrip / 2, kPathRoundTrip);
  window.acknowledge(first, first.acknowledged, kPathRoundTrip, 12'000);
  EXPECT_EQ(window.best, 12'000U);
  const Window::Flight third = window.begin(first.acknowledged, kPathRoundTrip);
  window.acknowledge(second, second.acknowledged, kPathRoundTrip, 8'000);
  EXPECT_EQ(window.best, 20'000U);
  window.acknowledge(third, third.acknowledged, kPathRoundTrip, 30'000);
  EXPECT_EQ(window.best, 38'000U);
}

TEST(Window, LossesOfOneRoundTripShrinkItOnce) {
  Window window;
  window.size = window.best = 100'000;
  window.shrink(kStart + kPathRoundTrip, kStart);
  window.shrink(kStart + kPathRoundTrip, kStart);
  EXPECT_EQ(window.size, 70'000U);
  // Packets that left before are acknowledged, and say nothing of the path as it is now.
  send_and_hear(window, kStart + kPathRoundTrip, 70'000);
  EXPECT_EQ(window.size, 70'000U);
  // Slow start is over: so much of what it has lost (sim/net/cubic.h).
  send_and_hear(window, kStart + 2 * kPathRoundTrip, 1'200);
  EXPECT_EQ(window.size, 70'308U);
}

TEST(Window, KnowsWhatWasLostBeforeTheLastThatArrives) {
  Window window;
  Window::Burst burst = window.begin_burst(kStart, kPathRoundTrip);
  burst.add({{1, 1, 1166}}, 1200, /*lost=*/false);
  burst.add({{2, 1, 1166}}, 1200, /*lost=*/true);
  burst.add({{3, 1, 1166}}, 1200, /*lost=*/false);
  burst.add({{4, 1, 1166}}, 1200, /*lost=*/true);
  window.end_burst(burst, kStart, kPathRoundTrip);
  ASSERT_EQ(window.flights.size(), 3U);
  EXPECT_TRUE(window.flights[0].is_lost());
  EXPECT_EQ(window.flights[0].lost[0].message, 2U);
  EXPECT_EQ(window.flights[1].bytes, 2400U);
  EXPECT_TRUE(window.flights[2].is_lost());
  EXPECT_EQ(window.flights[2].lost[0].message, 4U);
}

TEST(Window, SendsProbesWhateverIsUnderWay) {
  Window window;
  window.line = {3, 4};
  window.under_way = window.size;
  EXPECT_FALSE(window.take_turn());
  window.probes = 2;
  EXPECT_TRUE(window.take_turn());
  EXPECT_TRUE(window.take_turn());
  EXPECT_FALSE(window.take_turn());
}

// In units of datagrams, which carry less than their size.
TEST(Window, SendsNoMoreThanThePeerAllows) {
  constexpr std::uint64_t kStream = quic_model::kStreamWindow / 1166 * 1200;
  Window window;
  window.size = 10'000'000;
  window.line = {3, 3};  // one message
  EXPECT_EQ(window.room(), kStream);
  window.line = {3, 4};
  EXPECT_EQ(window.room(), quic_model::kConnectionWindow / 1166 * 1200);
  window.under_way = quic_model::kConnectionWindow * 1200 / 1166;
  EXPECT_EQ(window.room(), 0U);
}

TEST(Window, MayFillTheStreamAgainOnceHalfOfItWasRead) {
  constexpr std::uint64_t kHalf = (quic_model::kStreamWindow / 2 / 1166 + 1) * 1200;
  Window window;
  window.size = 10'000'000;
  window.line = {3, 3};
  const std::uint64_t all = window.room();
  window.begun = window.progress.delivered;
  window.progress.delivered += kHalf - 1200;
  EXPECT_EQ(window.room(), all - (kHalf - 1200));
  window.progress.delivered += 1200;
  EXPECT_EQ(window.room(), all);
}

TEST(Window, GivesAStreamToSoManyRequests) {
  Window window;
  for (unsigned i = 0; i < quic_model::kMaxStreams; ++i) EXPECT_TRUE(window.open_stream());
  EXPECT_FALSE(window.open_stream());
  // The peer tells of an eighth of them at once.
  for (unsigned i = 0; i < quic_model::kMaxStreams / 8 - 1; ++i) window.close_stream(kStart);
  window.take_streams(kStart);
  EXPECT_FALSE(window.open_stream());
  window.close_stream(kStart + kPathRoundTrip);
  window.take_streams(kStart);
  EXPECT_FALSE(window.open_stream());
  window.take_streams(kStart + kPathRoundTrip);
  EXPECT_TRUE(window.open_stream());
  EXPECT_EQ(window.streams, quic_model::kMaxStreams / 8 - 1);
}

}  // namespace
}  // namespace macula::sim
