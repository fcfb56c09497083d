#include "dht/node/slots.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <memory>
#include <vector>

namespace macula::dht {
namespace {

TEST(Slots, ReuseTheSlotFreedLast) {
  Slots<int> slots;
  const std::size_t a = slots.add(1);
  const std::size_t b = slots.add(2);
  EXPECT_EQ(slots.take(a), 1);
  EXPECT_EQ(slots.take(b), 2);
  EXPECT_EQ(slots.add(3), b);
  EXPECT_EQ(slots.add(4), a);
}

TEST(Slots, AVisitMayTakeItsItem) {
  Slots<std::unique_ptr<int>> slots;
  for (int i = 0; i < 5; ++i) static_cast<void>(slots.add(std::make_unique<int>(i)));
  std::vector<int> visited;
  slots.for_each_slot([&](std::size_t slot) { visited.push_back(*slots.take(slot)); });
  EXPECT_EQ(visited, (std::vector<int>{0, 1, 2, 3, 4}));
  EXPECT_EQ(slots.size(), 0U);
}

TEST(Slots, AFreeSlotIsNotTaken) {
  Slots<int> slots;
  const std::size_t slot = slots.add(1);
  static_cast<void>(slots.take(slot));
  EXPECT_DEATH(static_cast<void>(slots.take(slot)), "check failed");
  EXPECT_DEATH(static_cast<void>(slots[7]), "check failed");
}

RC_GTEST_PROP(SlotsProperty, HoldWhatAMapWouldHold, ()) {
  Slots<int> slots;
  std::map<std::size_t, int> model;
  const int steps = *rc::gen::inRange(0, 200);
  for (int step = 0; step < steps; ++step) {
    const bool add = model.empty() || *rc::gen::arbitrary<bool>();
    if (add) {
      const std::size_t slot = slots.add(step);
      RC_ASSERT(model.emplace(slot, step).second);
    } else {
      auto item = model.begin();
      std::advance(item, *rc::gen::inRange<std::size_t>(0, model.size()));
      RC_ASSERT(slots.take(item->first) == item->second);
      model.erase(item);
    }
    RC_ASSERT(slots.size() == model.size());
    std::vector<int> items;
    slots.for_each([&](int item) { items.push_back(item); });
    std::vector<int> expected;
    for (const auto& [slot, item] : model) {
      RC_ASSERT(slots.holds(slot));
      RC_ASSERT(slots[slot] == item);
      expected.push_back(item);
    }
    RC_ASSERT(items == expected);
  }
}

}  // namespace
}  // namespace macula::dht
