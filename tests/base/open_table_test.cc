#include "base/open_table.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <map>

#include "base/hash.h"

namespace macula {
namespace {

struct Place {
  std::uint32_t key = 0;
  std::uint32_t value = 0;
  friend bool operator==(const Place&, const Place&) = default;
};
using Table = OpenTable<Place, Place{}, 4>;

// Among few keys whose hashes often meet, so that runs are long and wrap around the end.
RC_GTEST_PROP(OpenTableProperty, IsAMapWhateverComesAndGoes, ()) {
  const auto hashes = *rc::gen::inRange<std::uint64_t>(1, 40);
  const auto hash = [&](std::uint32_t key) { return mix(key, 1) % hashes * 7; };
  const auto hash_of = [&](const Place& place) { return hash(place.key); };
  Table table;
  std::map<std::uint32_t, std::uint32_t> model;
  const auto find = [&](std::uint32_t key) {
    return table.find(hash(key), [&](const Place& place) { return place.key == key; });
  };
  const auto steps = *rc::gen::inRange<std::uint32_t>(0, 300);
  for (std::uint32_t i = 1; i <= steps; ++i) {
    const auto key = *rc::gen::inRange<std::uint32_t>(1, 60);
    const std::size_t at = find(key);
    RC_ASSERT((at != Table::kNone) == (model.count(key) > 0));
    if (at == Table::kNone) {
      table.put(hash(key), {key, i}, hash_of);
      model[key] = i;
    } else {
      RC_ASSERT(table[at].value == model[key]);
      table.erase(at, hash_of);
      model.erase(key);
    }
    RC_ASSERT(table.size() == model.size());
  }
  for (std::uint32_t key = 1; key < 60; ++key) {
    const std::size_t at = find(key);
    const auto expected = model.find(key);
    RC_ASSERT((at != Table::kNone) == (expected != model.end()));
    if (at != Table::kNone) RC_ASSERT(table[at].value == expected->second);
  }
}

TEST(OpenTable, VisitsAllOfOneHash) {
  Table table;
  const auto hash_of = [](const Place& place) { return std::uint64_t{place.key} % 3; };
  for (std::uint32_t key = 1; key <= 30; ++key) table.put(key % 3, {key, 1}, hash_of);
  std::uint32_t sum = 0;
  const auto none = table.find(1, [&](const Place& place) {
    if (place.key % 3 == 1) sum += place.key;
    return false;
  });
  EXPECT_EQ(none, Table::kNone);
  EXPECT_EQ(sum, 1U + 4 + 7 + 10 + 13 + 16 + 19 + 22 + 25 + 28);
}

TEST(OpenTable, KeepsWhatItHasWhileItGrowsAndNothingOnceItIsCleared) {
  Table table;
  const auto hash_of = [](const Place& place) { return mix(place.key, 2); };
  for (std::uint32_t key = 1; key <= 10'000; ++key) table.put(mix(key, 2), {key, key}, hash_of);
  for (std::uint32_t key = 1; key <= 10'000; ++key) {
    const auto at = table.find(mix(key, 2), [&](const Place& place) { return place.key == key; });
    ASSERT_NE(at, Table::kNone);
    EXPECT_EQ(table[at].value, key);
  }
  table.clear();
  EXPECT_EQ(table.size(), 0U);
  EXPECT_EQ(table.find(mix(7, 2), [](const Place&) { return true; }), Table::kNone);
}

}  // namespace
}  // namespace macula
