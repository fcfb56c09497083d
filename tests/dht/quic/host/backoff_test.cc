#include "dht/quic/host/backoff.h"

#include <gtest/gtest.h>

namespace macula::dht::quic::host {
namespace {

using namespace std::chrono_literals;

Duration shortest(unsigned failures) {
  return backoff(failures, 1s, 60s, 0);
}

TEST(Backoff, DoublesUpToTheLongest) {
  EXPECT_EQ(shortest(0), 1s);
  EXPECT_EQ(shortest(1), 2s);
  EXPECT_EQ(shortest(5), 32s);
  EXPECT_EQ(shortest(6), 60s);
  EXPECT_EQ(shortest(4'000'000'000U), 60s);
}

TEST(Backoff, IsDrawnUpToHalfAsLongAgain) {
  const auto half = static_cast<std::uint64_t>(Duration(1s).count());
  EXPECT_EQ(backoff(1, 1s, 60s, half - 1), 3s - 1ns);
  EXPECT_EQ(backoff(1, 1s, 60s, half), 2s);
  EXPECT_EQ(backoff(0, 1ns, 1ns, ~std::uint64_t{0}), 1ns);
}

}  // namespace
}  // namespace macula::dht::quic::host
