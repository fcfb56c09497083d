#include "dht/graveyard.h"

#include <gtest/gtest.h>

#include <vector>

namespace macula::dht {
namespace {

constexpr Duration kMinute = std::chrono::minutes(1);

TEST(Graveyard, VisitsAtDoublingDelaysOfAtMostAnHourAndForgetsAfterSome) {
  Graveyard graves;
  graves.bury(ContactRef{7}, kTimeZero);
  std::vector<std::int64_t> minutes;
  Time now = kTimeZero;
  while (!graves.empty()) {
    EXPECT_EQ(graves.next_visit() > now, true);
    now = graves.next_visit();
    if (graves.next_to_visit(now)) {
      minutes.push_back(std::chrono::duration_cast<std::chrono::minutes>(now - kTimeZero).count());
    }
  }
  EXPECT_EQ(minutes, (std::vector<std::int64_t>{1, 3, 7, 15, 31, 63, 123, 183, 243}));
  EXPECT_EQ(graves.next_visit(), kTimeMax);
}

TEST(Graveyard, AVisitIsDueFromHalfOfItsDelayOn) {
  Graveyard graves;
  graves.bury(ContactRef{7}, kTimeZero);
  EXPECT_FALSE(graves.next_to_visit(kTimeZero + kMinute / 2 - std::chrono::seconds(1)));
  EXPECT_EQ(graves.next_to_visit(kTimeZero + kMinute / 2), ContactRef{7});
  EXPECT_FALSE(graves.next_to_visit(kTimeZero + kMinute / 2));
}

TEST(Graveyard, WhoIsHeardFromIsOutOfIt) {
  Graveyard graves;
  graves.bury(ContactRef{7}, kTimeZero);
  EXPECT_TRUE(graves.contains(ContactRef{7}));
  EXPECT_TRUE(graves.exhume(ContactRef{7}));
  EXPECT_FALSE(graves.exhume(ContactRef{7}));
  EXPECT_TRUE(graves.empty());
}

TEST(Graveyard, IsBoundedAndWhoWasVisitedMostMakesWay) {
  Graveyard graves;
  for (std::uint32_t i = 0; i < Graveyard::kLimit; ++i) graves.bury(ContactRef{i}, kTimeZero);
  EXPECT_EQ(graves.next_to_visit(kTimeZero + kMinute), ContactRef{0});
  for (std::uint32_t i = 100; i < 200; ++i) graves.bury(ContactRef{i}, kTimeZero);
  EXPECT_EQ(graves.size(), Graveyard::kLimit);
  EXPECT_FALSE(graves.contains(ContactRef{0}));
  EXPECT_TRUE(graves.contains(ContactRef{1}) || graves.contains(ContactRef{199}));
}

}  // namespace
}  // namespace macula::dht
