#include "dht/contact/node_id.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "tests/dht/contacts.h"

namespace macula::dht {
namespace {

// The published network: ids are SHA-256 of the nodes' names.
struct Published {
  const char* name;
  const char* id;
};
constexpr std::array<Published, 5> kPublished = {{
    {"bootstrap", "333c04dd151a2a6831c039cb9a651df29198be8a04e16ce861d4b6a34a11c954"},
    {"gateway", "4ea5ee68fea05586106890ded5733820bb77d919cda27bc4b8139b7cd33b8889"},
    {"edge1", "b4baca894ba024f0c5e6467e8378782de5061e031991f9850a7c73c6c8d326f4"},
    {"edge2", "bee95ea87c7ca8660d13e86fdff7e45fb3d9e9b14f08d349cbea1d0553e62950"},
    {"edge3", "05aed700ad29d50340bdecbe587b14f155e768e8d6ed766f2a3a9a06f5b8aec0"},
}};

NodeId any_id() {
  return {*rc::gen::arbitrary<std::array<std::uint64_t, 4>>()};
}

TEST(NodeId, OfTheNamesOfThePublishedNetwork) {
  for (const Published& node : kPublished) {
    EXPECT_EQ(id_to_hex(hash_id(node.name)), node.id);
    EXPECT_EQ(id_from_hex(node.id), hash_id(node.name));
  }
}

TEST(NodeId, BucketsOfThePublishedNetwork) {
  const auto expected = [](std::string a, std::string b) {
    if (b < a) std::swap(a, b);
    if (a == "bootstrap" && b == "gateway") return 1;
    if (a == "bootstrap" && b == "edge3") return 2;
    if (a == "edge3" && b == "gateway") return 1;
    if (a == "edge1" && b == "edge2") return 4;
    return 0;
  };
  for (const Published& a : kPublished) {
    for (const Published& b : kPublished) {
      const int index = bucket_index(hash_id(a.name), hash_id(b.name));
      EXPECT_EQ(index, &a == &b ? 256 : expected(a.name, b.name)) << a.name << ' ' << b.name;
    }
  }
}

TEST(NodeId, OrderOfThePublishedNetworkAroundItsKeys) {
  const std::vector<std::pair<const char*, std::vector<std::string>>> orders = {
      {"test.calculator.add", {"bootstrap", "edge3", "gateway", "edge2", "edge1"}},
      {"test.missing.provider", {"gateway", "edge3", "bootstrap", "edge1", "edge2"}},
      {"test.nonexistent.service", {"edge1", "edge2", "edge3", "bootstrap", "gateway"}},
      {"test.calculator.max", {"gateway", "bootstrap", "edge3", "edge1", "edge2"}},
      {"test.calculator.divide", {"gateway", "bootstrap", "edge3", "edge2", "edge1"}},
  };
  for (const auto& [key, expected] : orders) {
    std::vector<std::string> names;
    for (const Published& node : kPublished) names.emplace_back(node.name);
    std::sort(names.begin(), names.end(), [&, key = key](const auto& a, const auto& b) {
      return distance(hash_id(a), hash_id(key)) < distance(hash_id(b), hash_id(key));
    });
    EXPECT_EQ(names, expected) << key;
  }
}

TEST(NodeId, NormalizeTakes32BytesAsTheyAre) {
  const std::string bytes(32, 'n');
  EXPECT_EQ(id_to_bytes(normalize(bytes)), bytes);
  EXPECT_NE(normalize(bytes), hash_id(bytes));
}

TEST(NodeId, NormalizeHashesEverythingElse) {
  for (const std::size_t size : {0U, 1U, 31U, 33U, 64U}) {
    const std::string bytes(size, 'n');
    EXPECT_EQ(normalize(bytes), hash_id(bytes)) << size;
  }
  // SHA-256 of nothing (FIPS 180-4 example).
  EXPECT_EQ(id_to_hex(normalize("")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(NodeId, RefusesBytesAndTextOfAnotherLength) {
  EXPECT_FALSE(id_from_bytes(std::string(31, 'x')).has_value());
  EXPECT_FALSE(id_from_bytes(std::string(33, 'x')).has_value());
  EXPECT_FALSE(id_from_hex(std::string(62, 'a')).has_value());
  EXPECT_FALSE(id_from_hex(std::string(63, 'a')).has_value());
  EXPECT_FALSE(id_from_hex(std::string(64, 'g')).has_value());
}

TEST(NodeId, BitsCountFromTheMostSignificantOne) {
  const NodeId top{{std::uint64_t{1} << 63, 0, 0, 0}};
  EXPECT_TRUE(bit(top, 0));
  EXPECT_FALSE(bit(top, 1));
  EXPECT_TRUE(bit(numbered_id(1), 255));
  EXPECT_EQ(flip_bit(NodeId{}, 255), numbered_id(1));
}

RC_GTEST_PROP(NodeIdProperty, BytesAndHexGoThereAndBack, ()) {
  const NodeId id = any_id();
  RC_ASSERT(id_from_bytes(id_to_bytes(id)) == id);
  RC_ASSERT(id_from_hex(id_to_hex(id)) == id);
}

RC_GTEST_PROP(NodeIdProperty, OrderIsThatOfBigEndianBytes, ()) {
  const NodeId a = any_id();
  NodeId b = any_id();
  for (std::size_t i = 0; i < *rc::gen::inRange<std::size_t>(0, 4); ++i) b.words[i] = a.words[i];
  RC_ASSERT((a < b) == (id_to_bytes(a) < id_to_bytes(b)));
}

RC_GTEST_PROP(NodeIdProperty, BucketIndexIsTheLengthOfTheSharedPrefix, ()) {
  const NodeId a = any_id();
  const int bucket = *rc::gen::inRange(0, 256);
  const NodeId b = id_in_bucket(a, bucket, *rc::gen::arbitrary<std::uint64_t>());
  RC_ASSERT(bucket_index(a, b) == bucket);
  RC_ASSERT(bucket_index(b, a) == bucket);
  for (int i = 0; i < bucket; ++i) RC_ASSERT(bit(a, i) == bit(b, i));
  RC_ASSERT(bit(a, bucket) != bit(b, bucket));
}

RC_GTEST_PROP(NodeIdProperty, DistanceIsAMetric, ()) {
  const NodeId a = any_id();
  const NodeId b = any_id();
  const NodeId target = any_id();
  RC_ASSERT(distance(a, a) == NodeId{});
  RC_ASSERT(distance(a, b) == distance(b, a));
  // Unidirectional: at a given distance from a point lies one id (Kademlia, section 2.1).
  RC_ASSERT((distance(a, target) == distance(b, target)) == (a == b));
}

}  // namespace
}  // namespace macula::dht
