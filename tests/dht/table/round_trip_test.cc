#include "dht/table/round_trip.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

namespace macula::dht {
namespace {

using std::chrono::milliseconds;
constexpr Duration kCap = std::chrono::seconds(5);
using PeerKey = RoundTrips::Key;

constexpr PeerKey peer_of(std::uint32_t number) {
  return {ContactRef{number}, static_cast<std::uint8_t>(number)};
}
constexpr PeerKey kPeer = peer_of(7);
constexpr PeerKey kStranger = peer_of(8);

void answer(RoundTrips& trips, const PeerKey& peer, Duration elapsed, int times) {
  for (int i = 0; i < times; ++i) trips.answered(peer, elapsed);
}

TEST(RoundTrips, BeginsWithASecond) {
  RoundTrips trips;
  EXPECT_EQ(trips.timeout(kPeer, kCap), RoundTrips::kInitial);
  EXPECT_EQ(trips.timeout(kPeer, milliseconds(300)), milliseconds(300));
  trips.silent(kPeer);
  EXPECT_EQ(trips.timeout(kPeer, kCap), RoundTrips::kInitial);
}

// RFC 6298, section 2.2: after the first sample R the mean is R and the deviation R / 2.
TEST(RoundTrips, FirstSampleOfAPeer) {
  RoundTrips trips;
  trips.answered(kPeer, milliseconds(200));
  EXPECT_EQ(trips.timeout(kPeer, kCap), milliseconds(600));
  EXPECT_EQ(trips.timeout(kStranger, kCap), RoundTrips::kInitial);  // one answer tells too little
}

// Section 2.3, with R' = 280 ms: the deviation becomes 3/4 * 100 + 1/4 * 80 = 95, the mean 210.
TEST(RoundTrips, SecondSampleOfAPeer) {
  RoundTrips trips;
  trips.answered(kPeer, milliseconds(200));
  trips.answered(kPeer, milliseconds(280));
  EXPECT_EQ(trips.timeout(kPeer, kCap), milliseconds(210 + 4 * 95));
}

TEST(RoundTrips, SteadyAnswersLeaveTheSlack) {
  RoundTrips trips;
  answer(trips, kPeer, milliseconds(40), 100);
  EXPECT_EQ(trips.timeout(kPeer, kCap), milliseconds(40) + RoundTrips::kSlack);
  EXPECT_EQ(trips.timeout(kStranger, kCap), milliseconds(40) + RoundTrips::kSlack);
}

TEST(RoundTrips, SilenceDoublesThePatienceUntilThePeerAnswers) {
  RoundTrips trips;
  answer(trips, kPeer, milliseconds(40), 50);
  const Duration once = trips.timeout(kPeer, kCap);
  for (int doubled = 2; doubled <= 8; doubled *= 2) {
    trips.silent(kPeer);
    EXPECT_EQ(trips.timeout(kPeer, kCap), doubled * once);
  }
  trips.silent(kPeer);
  EXPECT_EQ(trips.timeout(kPeer, kCap), 8 * once);
  trips.answered(kPeer, milliseconds(40));
  EXPECT_EQ(trips.timeout(kPeer, kCap), once);
}

TEST(RoundTrips, AStrangerIsGivenWhatOthersTake) {
  RoundTrips trips;
  // Most are near; a few are far, and must not be taken for dead.
  for (std::uint32_t i = 0; i < 200; ++i) {
    trips.answered(peer_of(i), milliseconds(i % 10 == 0 ? 250 : 30));
  }
  EXPECT_GT(trips.timeout(peer_of(1000), kCap), milliseconds(250));
  EXPECT_LT(trips.timeout(peer_of(1000), kCap), milliseconds(600));
}

TEST(RoundTrips, WhoWasHeardFromLastIsRemembered) {
  RoundTrips trips;
  answer(trips, peer_of(1), milliseconds(10), 50);
  answer(trips, peer_of(33), milliseconds(1000), 50);  // the same place
  EXPECT_GE(trips.timeout(peer_of(33), kCap), milliseconds(1000));
  trips.silent(peer_of(1));  // says nothing about 33
  EXPECT_LT(trips.timeout(peer_of(33), kCap), milliseconds(2000));
}

RC_GTEST_PROP(RoundTripsProperty, StayBetweenTheLargestAnswerAndTheCap, ()) {
  RoundTrips trips;
  const auto samples = *rc::gen::container<std::vector<std::int64_t>>(
      rc::gen::inRange<std::int64_t>(0, 100'000'000'000));
  for (const std::int64_t ns : samples) {
    trips.answered(*rc::gen::element(kPeer, kStranger), Duration(ns));
    if (*rc::gen::arbitrary<bool>()) trips.silent(kPeer);
    for (const PeerKey& peer : {kPeer, kStranger, peer_of(99)}) {
      const Duration timeout = trips.timeout(peer, kCap);
      RC_ASSERT(timeout <= kCap);
      RC_ASSERT(timeout > RoundTrips::kSlack - milliseconds(1));
    }
  }
}

RC_GTEST_PROP(RoundTripsProperty, SteadyPeersAreNeverSlow, ()) {
  RoundTrips trips;
  const Duration usual(*rc::gen::inRange<std::int64_t>(0, 4'800'000'000));
  answer(trips, kPeer, usual, *rc::gen::inRange(1, 200));
  RC_ASSERT(trips.timeout(kPeer, kCap) > usual);
  if (usual < RoundTrips::kInitial) RC_ASSERT(trips.timeout(kStranger, kCap) > usual);
}

}  // namespace
}  // namespace macula::dht
