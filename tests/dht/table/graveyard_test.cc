#include "dht/table/graveyard.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/durations.h"

namespace macula::dht {
namespace {

constexpr std::size_t kMany = 100;  // contacts that live

TEST(Graveyard, VisitsAtDoublingDelaysOfAtMostAnHourAndForgetsAfterSome) {
  Graveyard graves;
  graves.bury(ContactRef{7}, kTimeZero, kMany);
  std::vector<std::int64_t> minutes;
  Time now = kTimeZero;
  while (!graves.empty()) {
    EXPECT_EQ(graves.next_visit(false) > now, true);
    now = graves.next_visit(false);
    if (graves.next_to_visit(now, false)) {
      minutes.push_back(std::chrono::duration_cast<std::chrono::minutes>(now - kTimeZero).count());
    }
  }
  EXPECT_EQ(minutes, (std::vector<std::int64_t>{1, 3, 7, 15, 31, 63, 123, 183, 243}));
  EXPECT_EQ(graves.next_visit(false), kTimeMax);
}

TEST(Graveyard, AVisitIsDueFromHalfOfItsDelayOn) {
  Graveyard graves;
  graves.bury(ContactRef{7}, kTimeZero, kMany);
  EXPECT_FALSE(graves.next_to_visit(kTimeZero + kMinute / 2 - std::chrono::seconds(1), false));
  EXPECT_EQ(graves.next_to_visit(kTimeZero + kMinute / 2, false), ContactRef{7});
  EXPECT_FALSE(graves.next_to_visit(kTimeZero + kMinute / 2, false));
}

TEST(Graveyard, WhoIsHeardFromIsOutOfIt) {
  Graveyard graves;
  graves.bury(ContactRef{7}, kTimeZero, kMany);
  EXPECT_TRUE(graves.contains(ContactRef{7}));
  EXPECT_TRUE(graves.exhume(ContactRef{7}));
  EXPECT_FALSE(graves.exhume(ContactRef{7}));
  EXPECT_TRUE(graves.empty());
}

TEST(Graveyard, IsBoundedAndWhoWasVisitedMostMakesWay) {
  Graveyard graves;
  for (std::uint32_t i = 0; i < Graveyard::kLimit; ++i)
    graves.bury(ContactRef{i}, kTimeZero, 10 * kMany);
  EXPECT_EQ(graves.next_to_visit(kTimeZero + kMinute, false), ContactRef{0});
  for (std::uint32_t i = 100; i < 200; ++i) graves.bury(ContactRef{i}, kTimeZero, 10 * kMany);
  EXPECT_EQ(graves.size(), Graveyard::kLimit);
  EXPECT_FALSE(graves.contains(ContactRef{0}));
  EXPECT_TRUE(graves.contains(ContactRef{1}) || graves.contains(ContactRef{199}));
}

// A week in which nobody answers: how often the contact was visited on the last day.
int visits_on_the_last_day(Graveyard& graves, bool alone) {
  constexpr Duration kDay = std::chrono::hours(24);
  int visits = 0;
  for (Time now = graves.next_visit(alone); now < kTimeZero + 7 * kDay;
       now = graves.next_visit(alone)) {
    const auto visited = graves.next_to_visit(now, alone);
    if (visited == ContactRef{7} && now > kTimeZero + 6 * kDay) ++visits;
  }
  return visits;
}

TEST(Graveyard, WhoDiedAloneIsForgotten) {
  Graveyard graves;
  graves.bury(ContactRef{7}, kTimeZero, kMany);
  EXPECT_EQ(visits_on_the_last_day(graves, false), 0);
  EXPECT_TRUE(graves.empty());
}

TEST(Graveyard, WhereAThirdIsLostAtOnceThoseAreVisitedForEverOnceAnHour) {
  for (const Duration apart : {Duration{0}, 10 * kMinute}) {
    Graveyard graves;
    graves.bury(ContactRef{7}, kTimeZero, 3);
    graves.bury(ContactRef{8}, kTimeZero + apart, 2);
    EXPECT_EQ(graves.lasting(), 2U);
    const int visits = visits_on_the_last_day(graves, false);
    EXPECT_GE(visits, 23);
    EXPECT_LE(visits, 24);
  }
  // The same two, a day apart, are two deaths.
  Graveyard graves;
  graves.bury(ContactRef{7}, kTimeZero, 4);
  graves.bury(ContactRef{8}, kTimeZero + std::chrono::hours(24), 3);
  EXPECT_EQ(graves.lasting(), 0U);
}

// Exactly a third, within exactly so long.
TEST(Graveyard, LostAtOnceIsAThirdWithinItsTime) {
  const auto lasting = [](Duration apart, std::size_t first, std::size_t second) {
    Graveyard graves;
    graves.bury(ContactRef{7}, kTimeZero, first);
    graves.bury(ContactRef{8}, kTimeZero + apart, second);
    return graves.lasting();
  };
  EXPECT_EQ(lasting(Duration{0}, 3, 5), 0U);  // two of seven
  EXPECT_EQ(lasting(Duration{0}, 3, 4), 2U);  // two of six
  EXPECT_EQ(lasting(Duration{0}, 2, 9), 1U);  // one of three, then two of eleven
  EXPECT_EQ(lasting(Graveyard::kAtOnce + kMinute, 5, 4), 2U);
  EXPECT_EQ(lasting(2 * Graveyard::kAtOnce, 5, 4), 0U);
  // A contact that was lost up to an hour before is taken along.
  EXPECT_EQ(lasting(2 * Graveyard::kAtOnce, 5, 2), 2U);
  EXPECT_EQ(lasting(2 * Graveyard::kAtOnce + kMinute, 5, 2), 1U);
}

TEST(Graveyard, OfAFormerLifeSoManyAreLastingAndTheOthersMakeWayFirst) {
  Graveyard graves;
  for (std::uint32_t i = 0; i < Graveyard::kLimit; ++i) {
    graves.bury_lasting(ContactRef{i}, kTimeZero);
    graves.bury_lasting(ContactRef{i}, kTimeZero);
    EXPECT_EQ(graves.size(), i + 1);
  }
  EXPECT_EQ(graves.lasting(), Graveyard::kLasting);
  for (std::uint32_t i = 100; i < 200; ++i) graves.bury(ContactRef{i}, kTimeZero, 10 * kMany);
  EXPECT_EQ(graves.size(), Graveyard::kLimit);
  for (std::uint32_t i = 0; i < Graveyard::kLasting; ++i) {
    EXPECT_TRUE(graves.contains(ContactRef{i})) << i;
  }
}

TEST(Graveyard, ANodeThatIsAloneForgetsNobody) {
  Graveyard graves;
  graves.bury(ContactRef{7}, kTimeZero, kMany);
  EXPECT_GE(visits_on_the_last_day(graves, true), 24 * 6 - 1);
}

TEST(Graveyard, SingleDeathsDoNotCrowdOutAnotherHalf) {
  Graveyard graves;
  for (std::uint32_t i = 0; i < 20; ++i) graves.bury(ContactRef{i}, kTimeZero, 40 - i);
  const std::size_t lasting = graves.lasting();
  EXPECT_GE(lasting, 7U);
  for (std::uint32_t i = 100; i < 300; ++i) {
    const Time now = kTimeZero + std::chrono::hours(i);
    static_cast<void>(graves.next_to_visit(now, false));
    graves.bury(ContactRef{i}, now, kMany);
  }
  EXPECT_EQ(graves.lasting(), lasting);
  EXPECT_LE(graves.size(), Graveyard::kLimit);
  // Nor does another half the single deaths.
  for (std::uint32_t i = 400; i < 500; ++i) {
    graves.bury(ContactRef{i}, kTimeZero + std::chrono::hours(400), 10);
  }
  EXPECT_EQ(graves.lasting(), Graveyard::kLasting);
}

}  // namespace
}  // namespace macula::dht
