#include "sim/net/dials.h"

#include <gtest/gtest.h>

#include "tests/durations.h"

namespace macula::sim {
namespace {

constexpr std::uint64_t kLastDraw = ~std::uint64_t{0};

TEST(Dials, PausesDoubleAndAreDrawnUpToHalfAsLongAgain) {
  EXPECT_EQ(dial_pause(0, 0), 250 * kMillisecond);
  EXPECT_EQ(dial_pause(0, kLastDraw), 375 * kMillisecond);
  EXPECT_EQ(dial_pause(1, 0), 500 * kMillisecond);
  EXPECT_EQ(dial_pause(6, 0), 16'000 * kMillisecond);
  EXPECT_EQ(dial_pause(7, 0), 30'000 * kMillisecond);
  EXPECT_EQ(dial_pause(4'000'000'000U, kLastDraw), 45'000 * kMillisecond);
}

TEST(Dials, AreKeptByDirection) {
  Dials dials;
  const std::uint32_t there = dials.add({1, 4}, 2);
  EXPECT_EQ(dials.find(1, 2), there);
  EXPECT_EQ(dials.find(2, 1), kNoSlot);
  EXPECT_EQ(dials[there].life, 4U);
  dials.remove(there);
  EXPECT_EQ(dials.find(1, 2), kNoSlot);
}

}  // namespace
}  // namespace macula::sim
