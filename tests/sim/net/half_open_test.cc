// Handshakes that have begun and are not through: a server with many asks for a proof.
#include "sim/net/half_open.h"

#include <gtest/gtest.h>

#include <vector>

#include "sim/net/quic_model.h"
#include "tests/sim/net/network_fixture.h"

namespace macula::sim {
namespace {

constexpr auto kWithoutRetry = static_cast<NodeNumber>(quic_model::kRetryAbove);

TEST(HalfOpen, CountsByServerWhatBeganAndIsNotThrough) {
  HalfOpen half_open;
  const Time now = kTimeZero;
  EXPECT_EQ(half_open.count(7, now), 0U);
  half_open.begin(7, 1, now);
  half_open.begin(7, 2, now);
  half_open.begin(3, 1, now);
  half_open.end(7, 1);
  half_open.end(7, 9);
  half_open.end(100, 9);
  EXPECT_EQ(half_open.count(7, now), 1U);
  EXPECT_EQ(half_open.count(3, now), 1U);
  half_open.clear(3);
  EXPECT_EQ(half_open.count(3, now), 0U);
}

TEST(HalfOpen, ForgetsWhatTakesTooLongAndTheOldestOfTooMany) {
  HalfOpen half_open;
  for (NodeNumber i = 0; i <= quic_model::kMostHalfOpen; ++i) {
    half_open.begin(0, i, kTimeZero + i * kMillisecond);
  }
  EXPECT_EQ(half_open.count(0, kTimeZero), quic_model::kMostHalfOpen);
  half_open.end(0, 0);  // forgotten already
  EXPECT_EQ(half_open.count(0, kTimeZero), quic_model::kMostHalfOpen);
  const Time later = kTimeZero + quic_model::kHandshakeTimeout + 10 * kMillisecond;
  EXPECT_EQ(half_open.count(0, later), quic_model::kMostHalfOpen - 10);
}

// As many nodes as dial one at the same instant, and how long each request takes.
class Crowd : public NetworkTest {
 protected:
  std::vector<Duration> times_of(NodeNumber first, NodeNumber count, Duration patience = kSecond) {
    std::vector<dht::Token> asked;
    for (NodeNumber i = 0; i < count; ++i) asked.push_back(ask(first + i, 0));
    run_for(patience);
    std::vector<Duration> times;
    for (NodeNumber i = 0; i < count; ++i) {
      const auto& one = guests[first + i]->asked[asked[i]];
      EXPECT_EQ(one.replies, 1);
      times.push_back(one.settled - one.sent);
    }
    return times;
  }
};

TEST_F(Crowd, AboveSoManyADialTakesARoundTripMore) {
  build(kWithoutRetry + 4);
  std::vector<Duration> expected(kWithoutRetry, 2 * kRoundTrip);
  expected.insert(expected.end(), 3, 3 * kRoundTrip);
  EXPECT_EQ(times_of(1, kWithoutRetry + 3), expected);
}

TEST_F(Crowd, HandshakesThatAreThroughDoNotCount) {
  build(1 + 3 * kWithoutRetry);
  for (NodeNumber wave = 0; wave < 3; ++wave) {
    EXPECT_EQ(times_of(1 + wave * kWithoutRetry, kWithoutRetry),
              std::vector<Duration>(kWithoutRetry, 2 * kRoundTrip));
  }
}

TEST_F(Crowd, ANodeThatComesBackBeginsAnew) {
  build(kWithoutRetry + 2);
  for (NodeNumber i = 1; i <= kWithoutRetry; ++i) ask(i, 0);
  run_for(15 * kMillisecond);
  network->crash(0);
  start(0);
  EXPECT_EQ(times_of(kWithoutRetry + 1, 1), std::vector<Duration>(1, 2 * kRoundTrip));
}

// The Retry is sent once: the client asks again after its timeout, and may be asked for a proof
// again.
TEST_F(Crowd, ALostRetryIsNoEnd) {
  model.default_loss_ppm = 300'000;
  build(kWithoutRetry + 40);
  for (const Duration time : times_of(1, kWithoutRetry + 39, 60 * kSecond))
    EXPECT_GE(time, 2 * kRoundTrip);
}

}  // namespace
}  // namespace macula::sim
