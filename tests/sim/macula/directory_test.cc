#include "sim/macula/directory.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace macula::sim {
namespace {

struct DirectoryPopulation {
  explicit DirectoryPopulation(std::vector<dht::NodeId> node_ids) : ids(std::move(node_ids)) {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto address = static_cast<std::uint32_t>(i);
      contacts.push_back(
          *book.intern({ids[i], dht::make_ipv4(0x0a000001 + address, 9443), std::nullopt}));
    }
  }

  std::vector<dht::NodeId> ids;
  dht::ContactBook book;
  std::vector<dht::ContactRef> contacts;
};

std::vector<dht::NodeId> hashed_ids(std::size_t count) {
  std::vector<dht::NodeId> ids;
  for (std::size_t i = 0; i < count; ++i) ids.push_back(dht::hash_id("node" + std::to_string(i)));
  return ids;
}

// ----- closest -----

// Uniform ids, and such that share long prefixes.
std::vector<dht::NodeId> any_ids() {
  std::vector<dht::NodeId> ids;
  const int count = *rc::gen::inRange(0, 60);
  for (int i = 0; i < count; ++i) {
    dht::NodeId id{*rc::gen::arbitrary<std::array<std::uint64_t, 4>>()};
    if (!ids.empty() && *rc::gen::arbitrary<bool>()) {
      id = dht::flip_bit(*rc::gen::elementOf(ids), *rc::gen::inRange(0, 256));
    }
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
  }
  return ids;
}

RC_GTEST_PROP(DirectoryProperty, ClosestIsWhatSortingAllWouldFind, ()) {
  const DirectoryPopulation population(any_ids());
  const Directory directory(population.book, population.contacts);
  dht::NodeId target{*rc::gen::arbitrary<std::array<std::uint64_t, 4>>()};
  if (!population.ids.empty() && *rc::gen::arbitrary<bool>()) {
    target = *rc::gen::elementOf(population.ids);
  }
  std::vector<bool> wanted(population.ids.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) wanted[i] = *rc::gen::inRange(0, 4) > 0;
  const auto count = *rc::gen::inRange<std::size_t>(0, 70);

  std::vector<NodeNumber> expected;
  for (NodeNumber i = 0; i < wanted.size(); ++i) {
    if (wanted[i]) expected.push_back(i);
  }
  std::sort(expected.begin(), expected.end(), [&](NodeNumber a, NodeNumber b) {
    return dht::distance(population.ids[a], target) < dht::distance(population.ids[b], target);
  });
  expected.resize(std::min(expected.size(), count));
  RC_ASSERT(directory.closest(target, count, [&](NodeNumber node) { return wanted[node]; }) ==
            expected);
}

// ----- ideal tables -----

constexpr std::size_t kNodes = 1000;
constexpr std::size_t kBucket = 20;

// The table that full knowledge gives: all nodes offered to it in a random order.
void offer_all(dht::RoutingTable& table, std::vector<dht::ContactRef> contacts,
               RandomStream& random) {
  for (std::size_t i = contacts.size(); i > 1; --i) {
    std::swap(contacts[i - 1], contacts[static_cast<std::size_t>(random.below(i))]);
  }
  for (const dht::ContactRef contact : contacts) table.observe(contact);
}

TEST(Directory, IdealTablesHaveTheCountsOfOfferedOnes) {
  const DirectoryPopulation population(hashed_ids(kNodes));
  const Directory directory(population.book, population.contacts);
  for (std::size_t node = 0; node < kNodes; node += 37) {
    const dht::NodeId& self = population.ids[node];
    dht::RoutingTable ideal(population.book, self, kBucket);
    dht::RoutingTable offered(population.book, self, kBucket);
    RandomStream random(node);
    directory.fill(ideal, self, kBucket, node);
    offer_all(offered, population.contacts, random);
    EXPECT_EQ(ideal.violation(), std::nullopt);
    ASSERT_EQ(ideal.bucket_count(), offered.bucket_count());
    for (std::size_t bucket = 0; bucket < ideal.bucket_count(); ++bucket) {
      ASSERT_EQ(ideal.bucket_entries(bucket), offered.bucket_entries(bucket)) << bucket;
    }
  }
}

// No node has an id near the beginning of one half of the space.
TEST(Directory, PartsWhoseFirstCellsAreEmptyAreDrawnFromAsOthers) {
  constexpr std::uint64_t kGap = std::uint64_t{1} << 53;  // a cell of so many nodes
  std::vector<dht::NodeId> ids = hashed_ids(10'000);
  std::erase_if(ids, [](const dht::NodeId& id) {
    const std::uint64_t in_half = id.words[0] << 1 >> 1;
    return in_half < 3 * kGap;
  });
  const DirectoryPopulation population(ids);
  const Directory directory(population.book, population.contacts);
  for (std::size_t node = 0; node < 400; ++node) {
    const dht::NodeId& self = population.ids[node];
    dht::RoutingTable table(population.book, self, kBucket);
    directory.fill(table, self, kBucket, node);
    // Contacts that are drawn from elsewhere would be missing here.
    for (std::size_t bucket = 0; bucket < 6; ++bucket) {
      ASSERT_EQ(table.bucket_entries(bucket), kBucket) << node << ", bucket " << bucket;
    }
  }
}

// In how many of many tables of one node each other node stands.
template <typename Fill>
std::vector<int> frequencies(const DirectoryPopulation& population, int tables, Fill fill) {
  std::vector<int> counts(kNodes);
  for (int i = 0; i < tables; ++i) {
    dht::RoutingTable table(population.book, population.ids[0], kBucket);
    RandomStream random(static_cast<std::uint64_t>(i), "table");
    fill(table, random);
    for (const dht::ContactRef contact : table.entries()) {
      ++counts[static_cast<std::size_t>(contact)];
    }
  }
  return counts;
}

// Each of the nodes that belong in a bucket stands there equally often: the squares of the
// deviations, in units of their variance, sum up to about the number of nodes, within 5 standard
// deviations of that sum.
void expect_uniform(const DirectoryPopulation& population, const std::vector<int>& counts,
                    int tables) {
  int judged = 0;
  for (int bucket = 0; bucket < dht::NodeId::kBits; ++bucket) {
    std::vector<int> eligible;
    for (std::size_t i = 0; i < kNodes; ++i) {
      if (dht::bucket_index(population.ids[0], population.ids[i]) == bucket) {
        eligible.push_back(counts[i]);
      }
    }
    if (eligible.size() <= kBucket) {
      for (const int count : eligible) EXPECT_EQ(count, tables);
      continue;
    }
    ++judged;
    const auto nodes = static_cast<double>(eligible.size());
    const double share = kBucket / nodes;
    const double variance = tables * share * (1 - share);
    double sum = 0;
    for (const int count : eligible) {
      const double deviation = count - tables * share;
      sum += deviation * deviation / variance;
    }
    sum *= (nodes - 1) / nodes;
    EXPECT_NEAR(sum, nodes - 1, 5 * std::sqrt(2 * (nodes - 1))) << "bucket " << bucket;
  }
  EXPECT_GE(judged, 4);
}

TEST(Directory, IdealTablesAreDrawnAsOfferedOnesAre) {
  const DirectoryPopulation population(hashed_ids(kNodes));
  const Directory directory(population.book, population.contacts);
  constexpr int kTables = 400;
  expect_uniform(population,
                 frequencies(population, kTables,
                             [&](dht::RoutingTable& table, RandomStream& random) {
                               directory.fill(table, population.ids[0], kBucket, random.next());
                             }),
                 kTables);
  expect_uniform(population,
                 frequencies(population, kTables,
                             [&](dht::RoutingTable& table, RandomStream& random) {
                               offer_all(table, population.contacts, random);
                             }),
                 kTables);
}

TEST(Directory, FillsTheTableOfANodeThatIsAloneOrAnOutsider) {
  const DirectoryPopulation alone(hashed_ids(1));
  dht::RoutingTable empty(alone.book, alone.ids[0], kBucket);
  Directory(alone.book, alone.contacts).fill(empty, alone.ids[0], kBucket, 1);
  EXPECT_EQ(empty.size(), 0U);
}

}  // namespace
}  // namespace macula::sim
