// Walks through regions with full knowledge in place of lookups.
#include "dht/node/region_walk.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/dht/contacts.h"

namespace macula::dht {
namespace {

std::vector<ContactRef> in_prefix(const ContactBook& book, const std::vector<ContactRef>& all,
                                  const Prefix& prefix) {
  std::vector<ContactRef> found;
  for (const ContactRef contact : all) {
    if (prefix.contains(book.id(contact))) found.push_back(contact);
  }
  return found;
}

// From above, as the definition goes: cut as long as both halves have more than k.
Prefix region_by_cutting(const ContactBook& book, const std::vector<ContactRef>& all,
                         const NodeId& key, std::size_t k) {
  Prefix region;
  for (;; region = Prefix::of(key, region.bits + 1)) {
    const Prefix own = Prefix::of(key, region.bits + 1);
    const Prefix other = Prefix::of(flip_bit(key, region.bits), region.bits + 1);
    if (in_prefix(book, all, own).size() <= k || in_prefix(book, all, other).size() <= k) break;
  }
  return region;
}

TEST(Prefix, NextIsTheOneBehindIt) {
  const NodeId low{{0x4000'0000'0000'0000, 0, 0, 0}};
  const NodeId high{{0xc000'0000'0000'0000, 0, 0, 0}};
  EXPECT_EQ(Prefix::of({{0x1234, 5, 6, 7}}, 2).first, NodeId{});
  EXPECT_EQ(Prefix::of({}, 2).next(), low);
  EXPECT_EQ(Prefix::of(low, 1).next(), (NodeId{{0x8000'0000'0000'0000, 0, 0, 0}}));
  EXPECT_EQ(Prefix::of(high, 2).next(), std::nullopt);
  EXPECT_EQ(Prefix::of(high, 0).next(), std::nullopt);
}

RC_GTEST_PROP(RegionWalkProperty, FindsAllOfTheRegionOfTheKey, ()) {
  const auto salt = *rc::gen::arbitrary<std::uint64_t>();
  const auto size = *rc::gen::inRange<std::size_t>(2, 400);
  const auto k = *rc::gen::inRange<std::uint32_t>(2, 21);
  ContactBook book;
  std::vector<ContactRef> all;
  for (std::size_t i = 0; i < size; ++i) all.push_back(intern(book, id_in_bucket({}, 0, salt + i)));
  // Both halves of the space: `id_in_bucket` fixes the first bit.
  for (std::size_t i = 0; i < size; ++i) {
    all.push_back(intern(book, flip_bit(id_in_bucket({}, 0, mix(salt, i)), 0)));
  }
  const ContactRef self = all.front();
  const std::vector<ContactRef> others(all.begin() + 1, all.end());
  const NodeId key = id_in_bucket({}, *rc::gen::inRange(0, 3), ~salt);
  RegionWalk walk(book, self, key, k);
  while (!walk.done()) {
    walk.add(closest_by_sorting(book, others, walk.target(), k));
    RC_ASSERT(walk.lookups() < RegionWalk::kMostLookups);
  }
  const auto region = walk.region();
  RC_ASSERT(region.has_value() == (others.size() >= k));
  if (!region) return;
  const Prefix expected = region_by_cutting(book, all, key, k);
  RC_ASSERT(region->prefix.bits == expected.bits);
  RC_ASSERT(region->prefix.first == Prefix::of(key, expected.bits).first);
  std::vector<ContactRef> nodes = in_prefix(book, all, expected);
  std::sort(nodes.begin(), nodes.end(),
            [&](ContactRef a, ContactRef b) { return book.id(a) < book.id(b); });
  RC_ASSERT(region->nodes == nodes);
}

// First somebody is far off; then, wherever it looks, somebody claims to be right there.
TEST(RegionWalk, EndsHoweverManyClaimToBeThere) {
  ContactBook book;
  RegionWalk walk(book, intern(book, numbered_id(1)), {}, 2);
  const auto near = [&](int bit_index) { return intern(book, flip_bit(walk.target(), bit_index)); };
  walk.add({near(1), near(0)});
  while (!walk.done()) {
    ASSERT_LE(walk.lookups(), RegionWalk::kMostLookups);
    walk.add({near(NodeId::kBits - 1), near(NodeId::kBits - 2)});
  }
  EXPECT_FALSE(walk.region());
}

TEST(RegionWalk, FewerThanKAreNoRegion) {
  ContactBook book;
  RegionWalk walk(book, intern(book, numbered_id(1)), numbered_id(2), 3);
  EXPECT_EQ(walk.target(), numbered_id(2));
  walk.add({intern(book, numbered_id(3))});
  EXPECT_TRUE(walk.done());
  EXPECT_FALSE(walk.region());
}

}  // namespace
}  // namespace macula::dht
