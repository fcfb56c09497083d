// The size of a network, estimated from the distances that lookups find.
#include "dht/node/size_estimate.h"

#include <gtest/gtest.h>

#include "tests/dht/contacts.h"

namespace macula::dht {
namespace {

// The closest to 0 among so many ids that are spread evenly.
std::vector<ContactRef> evenly(ContactBook& book, std::uint64_t nodes, std::uint64_t count) {
  std::vector<ContactRef> closest;
  for (std::uint64_t i = 1; i <= count; ++i) {
    closest.push_back(*book.intern({{{~std::uint64_t{0} / nodes * i, 0, 0, i}},
                                    numbered_endpoint(nodes * 100 + i),
                                    std::nullopt}));
  }
  return closest;
}

TEST(SizeEstimate, EvenlySpreadNodesAreCounted) {
  ContactBook book;
  SizeEstimate size(1);
  EXPECT_EQ(size.nodes(), std::nullopt);
  size.add(book, {}, evenly(book, 1000, 20));
  EXPECT_EQ(size.nodes(), 1000U);
  // The target is what distances are from.
  size.add(book, {{~std::uint64_t{0}, 0, 0, 0}}, evenly(book, 50, 3));
  EXPECT_EQ(size.nodes(), 2U);  // 14 / (6 - 14 / 50)
}

TEST(SizeEstimate, TheLastLookupsCount) {
  ContactBook book;
  SizeEstimate size(2);
  size.add(book, {}, evenly(book, 100, 5));
  EXPECT_EQ(size.nodes(), std::nullopt);
  size.add(book, {}, {});  // nobody was found
  EXPECT_EQ(size.nodes(), std::nullopt);
  size.add(book, {}, evenly(book, 300, 5));
  EXPECT_EQ(size.nodes(), 200U);
  size.add(book, {}, evenly(book, 500, 5));
  EXPECT_EQ(size.nodes(), 400U);
  size.add(book, {}, evenly(book, 700, 5));
  EXPECT_EQ(size.nodes(), 600U);
}

// The least squares fit, by hand: distances 1/8 and 1/2 are (1 + 4) / (1/8 + 2 * 1/2) = 40 / 9.
TEST(SizeEstimate, DistancesCountByTheirRanks) {
  ContactBook book;
  SizeEstimate size(1);
  const auto at = [&](std::uint64_t distance) {
    return *book.intern({{{distance, 0, 0, 1}}, numbered_endpoint(distance >> 60), std::nullopt});
  };
  size.add(book, {}, {at(std::uint64_t{1} << 61), at(std::uint64_t{1} << 63)});
  EXPECT_EQ(size.nodes(), 4U);
}

TEST(SizeEstimate, NoDistanceIsTooSmall) {
  ContactBook book;
  SizeEstimate size(3);
  for (int i = 0; i < 5; ++i) {
    size.add(book, {}, {*book.intern({{{1, 0, 0, 1}}, numbered_endpoint(1), std::nullopt})});
    size.add(book, {}, {*book.intern({{{0, 0, 0, 1}}, numbered_endpoint(2), std::nullopt})});
  }
  EXPECT_GT(size.nodes(), std::uint64_t{1} << 60);
}

}  // namespace
}  // namespace macula::dht
