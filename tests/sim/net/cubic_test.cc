#include "sim/net/cubic.h"

#include <gtest/gtest.h>

#include "tests/sim/net/path.h"

namespace macula::sim {
namespace {

// A window full is acknowledged with each round trip.
std::uint64_t grown(Cubic& cubic, std::uint64_t window, Time& now, Duration time) {
  const Time end = now + time;
  for (; now < end; now += kPathRoundTrip)
    window += cubic.growth(window, now, kPathRoundTrip, window);
  return window;
}

// The window lost 30 000 of 100 000 bytes: after the cube root of 62 s they are there again.
TEST(Cubic, IsWhereItWasAfterTheCubeRootOfWhatItHasLost) {
  Cubic cubic;
  cubic.shrink(100'000);
  Time now = kStart;
  EXPECT_EQ(cubic.growth(70'000, now, kPathRoundTrip, 1200), 308U);  // 1200 * 18 000 / 70 000
  const std::uint64_t half = grown(cubic, 70'000, now, std::chrono::milliseconds(1500));
  EXPECT_GT(half, 90'000U);
  const std::uint64_t back = grown(cubic, half, now, std::chrono::milliseconds(1500));
  EXPECT_GT(back, 100'000U);
}

TEST(Cubic, IsNotSlowerThanAPacketForEachRoundTrip) {
  Cubic cubic;
  cubic.shrink(12'000);
  Time now = kStart;
  const std::uint64_t window = grown(cubic, 8'400, now, 20 * kPathRoundTrip);
  EXPECT_GE(window, 8'400U + 20 * 1'100U);
}

TEST(Cubic, DoesNotCountTheTimeInWhichNothingIsUnderWay) {
  Cubic busy;
  Cubic resting;
  for (Cubic* cubic : {&busy, &resting}) {
    cubic->shrink(100'000);
    static_cast<void>(cubic->growth(70'000, kStart, kPathRoundTrip, 1200));
  }
  const Duration rest = std::chrono::seconds(10);
  resting.go_on(kStart + kPathRoundTrip + rest, kStart + kPathRoundTrip);
  EXPECT_EQ(resting.growth(70'000, kStart + 2 * kPathRoundTrip + rest, kPathRoundTrip, 1200),
            busy.growth(70'000, kStart + 2 * kPathRoundTrip, kPathRoundTrip, 1200));
}

}  // namespace
}  // namespace macula::sim
