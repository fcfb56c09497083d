#include "sim/net/recovery.h"

#include <gtest/gtest.h>

#include "tests/durations.h"

namespace macula::sim {
namespace {

// RTT (1 + 2 * 0.75^n) + 25 ms.
TEST(Recovery, TheProbeTimeoutFallsWithEachSample) {
  const RoundTrip steady{80 * kMillisecond, Duration{0}};
  EXPECT_EQ(probe_timeout(steady, 0), (80 + 160 + 25) * kMillisecond);
  EXPECT_EQ(probe_timeout(steady, 1), (80 + 120 + 25) * kMillisecond);
  EXPECT_EQ(probe_timeout(steady, 2), (80 + 90 + 25) * kMillisecond);
  // The variation counts as a millisecond at least.
  EXPECT_EQ(probe_timeout(steady, 255), (80 + 1 + 25) * kMillisecond);
}

TEST(Recovery, TheProbeTimeoutEndsAtFourDeviations) {
  const RoundTrip jittery{100 * kMillisecond, 30 * kMillisecond};
  EXPECT_EQ(probe_timeout(jittery, 0), (100 + 200 + 25) * kMillisecond);
  EXPECT_EQ(probe_timeout(jittery, 255) / kMillisecond, 100 + 120 + 25);
}

TEST(Recovery, APacketIsLostAnEighthOfARoundTripAfterALaterOneCouldHaveCome) {
  EXPECT_EQ(loss_delay({80 * kMillisecond, Duration{0}}), 90 * kMillisecond);
}

TEST(Recovery, AnAcknowledgementDoesNotMultiply) {
  Recovery recovery;
  const Time sent = kTimeZero + kMillisecond;
  for (int i = 100; i > 0; --i) {
    recovery.look_again({kTimeZero + i * kMillisecond, {sent, 7}, false});
    recovery.look_again({kTimeZero + i * kMillisecond, {sent, 7}, true});
  }
  ASSERT_EQ(recovery.acks.size(), 2U);
  EXPECT_EQ(recovery.acks[0].at, kTimeZero + kMillisecond);
}

TEST(Recovery, PacketsOfOneInstantHaveAnOrder) {
  const Time sent = kTimeZero + kMillisecond;
  EXPECT_LT((Recovery::Place{sent, 1}), (Recovery::Place{sent, 2}));
  EXPECT_LT((Recovery::Place{sent, 2}), (Recovery::Place{sent + kMillisecond, 1}));
}

}  // namespace
}  // namespace macula::sim
