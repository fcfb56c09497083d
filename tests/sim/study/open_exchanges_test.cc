// Exchanges under way: found by number, and the oldest is forgotten once there are too many.
#include "sim/study/open_exchanges.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>

#include "sim/engine/random.h"

namespace macula::sim {
namespace {

TEST(OpenExchanges, TheOldestIsForgottenOnceThereAreTooMany) {
  OpenExchanges<int> open(3);
  for (int i = 1; i <= 3; ++i) open.open(static_cast<std::uint64_t>(i) << 32) = i;
  open.close(std::uint64_t{2} << 32);
  open.open(7) = 7;
  ASSERT_NE(open.find(std::uint64_t{1} << 32), nullptr) << "there was room";
  open.open(8) = 8;
  EXPECT_EQ(open.find(std::uint64_t{1} << 32), nullptr);
  EXPECT_EQ(open.find(std::uint64_t{2} << 32), nullptr);
  EXPECT_EQ(*open.find(std::uint64_t{3} << 32), 3);
  EXPECT_EQ(*open.find(7), 7);
  EXPECT_EQ(*open.find(8), 8);
  open.close(9);  // of none
  EXPECT_EQ(*open.find(8), 8);
}

// Facts known under a number are gone where the number begins anew.
TEST(OpenExchanges, ANewOneKnowsNothing) {
  OpenExchanges<int> open(2);
  open.open(1) = 5;
  EXPECT_EQ(open.open(1), 0);
  open.close(1);
  EXPECT_EQ(open.open(2), 0);
}

TEST(OpenExchanges, IsWhatAMapIs) {
  OpenExchanges<std::uint64_t> open(1 << 20);
  std::map<std::uint64_t, std::uint64_t> expected;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    const std::uint64_t number = 1 + draw(i) % 500;
    if (draw(i + 1'000'000) % 3 == 0) {
      open.close(number);
      expected.erase(number);
    } else {
      open.open(number) = i;
      expected[number] = i;
    }
    const std::uint64_t other = 1 + draw(i + 2'000'000) % 500;
    const auto known = expected.find(other);
    const std::uint64_t* found = open.find(other);
    ASSERT_EQ(found != nullptr, known != expected.end()) << i;
    if (found != nullptr) {
      ASSERT_EQ(*found, known->second) << i;
    }
  }
}

}  // namespace
}  // namespace macula::sim
