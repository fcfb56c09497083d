#include "sim/engine/slab.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace macula::sim {
namespace {

TEST(Slab, GivesOutTheIndexReleasedLast) {
  Slab<int> slab;
  EXPECT_EQ(slab.allocate(10), 0U);
  EXPECT_EQ(slab.allocate(11), 1U);
  EXPECT_EQ(slab.allocate(12), 2U);
  slab.release(0);
  slab.release(2);
  EXPECT_EQ(slab.size(), 1U);
  EXPECT_EQ(slab.allocate(13), 2U);
  EXPECT_EQ(slab.allocate(14), 0U);
  EXPECT_EQ(slab.allocate(15), 3U);
  EXPECT_EQ(slab[2], 13);
  EXPECT_EQ(slab[1], 11);
  EXPECT_EQ(slab.size(), 4U);
  EXPECT_EQ(slab.capacity(), 4U);
}

TEST(Slab, NeverShowsWhatWasThereBefore) {
  Slab<int> slab;
  slab.release(slab.allocate(7));
  EXPECT_EQ(slab[slab.allocate()], 0);
}

TEST(Slab, TellsAStaleHandle) {
  Slab<int> slab;
  const std::uint32_t index = slab.allocate();
  const std::uint32_t ticket = slab.generation(index);
  EXPECT_TRUE(slab.live(index));
  slab.release(index);
  EXPECT_FALSE(slab.live(index));
  EXPECT_NE(slab.generation(index), ticket);
  EXPECT_EQ(slab.allocate(), index);
  EXPECT_TRUE(slab.live(index));
  EXPECT_NE(slab.generation(index), ticket);
  EXPECT_FALSE(slab.live(1));
}

TEST(Slab, RefusesASecondRelease) {
  Slab<int> slab;
  const std::uint32_t index = slab.allocate();
  slab.release(index);
  EXPECT_DEATH(slab.release(index), "check failed");
  EXPECT_DEATH(slab.release(99), "check failed");
}

TEST(Slab, FreesWhatAnItemOwns) {
  const auto owned = std::make_shared<int>(1);
  {
    Slab<std::shared_ptr<int>> slab;
    const std::uint32_t index = slab.allocate(owned);
    slab.allocate(owned);
    EXPECT_EQ(owned.use_count(), 3);
    slab.release(index);
    EXPECT_EQ(owned.use_count(), 2);
  }
  EXPECT_EQ(owned.use_count(), 1);
}

TEST(Slab, NeverMovesAnItem) {
  Slab<std::string> slab;
  std::vector<const std::string*> addresses;
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    const std::uint32_t index = slab.allocate("item number " + std::to_string(i));
    ASSERT_EQ(index, i);
    addresses.push_back(&slab[index]);
  }
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    ASSERT_EQ(addresses[i], &slab[i]);
    ASSERT_EQ(slab[i], "item number " + std::to_string(i));
  }
}

// Against a map, with any sequence of allocating and releasing.
RC_GTEST_PROP(Slab, KeepsEveryItem, (const std::vector<std::uint16_t>& steps)) {
  Slab<std::string> slab;
  std::map<std::uint32_t, std::pair<std::string, std::uint32_t>> expected;
  std::size_t most = 0;
  for (const std::uint16_t step : steps) {
    if (step % 3 != 0 || expected.empty()) {
      const std::string text(step % 40, static_cast<char>('a' + step % 26));
      const std::uint32_t index = slab.allocate(text);
      RC_ASSERT(expected.emplace(index, std::pair(text, slab.generation(index))).second);
    } else {
      auto item = expected.begin();
      std::advance(item, static_cast<std::ptrdiff_t>(step % expected.size()));
      slab.release(item->first);
      RC_ASSERT(slab.generation(item->first) != item->second.second);
      expected.erase(item);
    }
    most = std::max(most, expected.size());
    RC_ASSERT(slab.size() == expected.size());
    RC_ASSERT(slab.capacity() == most);
  }
  for (const auto& [index, item] : expected) {
    RC_ASSERT(slab[index] == item.first);
    RC_ASSERT(slab.generation(index) == item.second);
    RC_ASSERT(slab.live(index));
  }
}

}  // namespace
}  // namespace macula::sim
