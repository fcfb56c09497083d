#include "sim/net/pair_index.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace macula::sim {
namespace {

// Among few keys, so that they come, go and come back.
RC_GTEST_PROP(PairIndex, AgreesWithAMap, ()) {
  PairIndex index;
  std::map<std::uint64_t, std::uint32_t> model;
  std::vector<std::uint64_t> key_of;  // by slot
  const auto steps = *rc::gen::container<std::vector<std::pair<bool, std::uint8_t>>>(
      rc::gen::arbitrary<std::pair<bool, std::uint8_t>>());
  for (const auto& [add, key] : steps) {
    const bool known = model.count(key) > 0;
    if (add && !known) {
      const auto slot = static_cast<std::uint32_t>(key_of.size());
      key_of.push_back(key);
      index.add(key, slot);
      model[key] = slot;
    } else if (!add && known) {
      index.remove(key, model[key]);
      model.erase(key);
    }
    for (std::uint64_t each = 0; each < 256; ++each) {
      const std::uint32_t found =
          index.find(each, [&](std::uint32_t slot) { return key_of[slot] == each; });
      const auto expected = model.find(each);
      RC_ASSERT(found == (expected != model.end() ? expected->second : kNoSlot));
    }
  }
}

TEST(PairIndex, HoldsManyMoreThanItBeganWith) {
  PairIndex index;
  for (std::uint32_t i = 0; i < 10'000; ++i) index.add(std::uint64_t{i} << 32 | (i + 1), i);
  for (std::uint32_t i = 0; i < 10'000; ++i) {
    ASSERT_EQ(
        index.find(std::uint64_t{i} << 32 | (i + 1), [&](std::uint32_t slot) { return slot == i; }),
        i);
  }
}

}  // namespace
}  // namespace macula::sim
