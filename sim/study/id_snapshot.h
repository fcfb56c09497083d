// The contacts of nodes at an instant, by ids: the nodes in the order of their ids, in bins, with
// those from each bin to each other; and some of the nodes on the circle of ids, with theirs.
// As large as its limits however many nodes there are.
//
//   const auto snapshot = id_snapshot(world);
//   snapshot->cells;    // {row, column, contacts}: nodes of bin `row` know such of bin `column`
//   snapshot->ring[0].known;
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "sim/run/world.h"

namespace macula::sim {

// Nodes that follow one another by their ids.
struct IdBin {
  std::string first;  // the name of its first node
  std::size_t nodes = 0;
  std::size_t up = 0;
  std::uint64_t contacts = 0;  // in the tables of its nodes that are up
  std::uint64_t known = 0;     // of these nodes in all tables
};

struct IdCell {
  std::size_t row = 0;     // bin of those that know
  std::size_t column = 0;  // bin of those that are known
  std::uint64_t contacts = 0;
};

struct RingNode {
  std::string name;
  double place = 0;  // on the circle: its id over that of the end, from 0 to 1
  bool up = false;
  // The side of a cut: 0 for the first node's, then 1, and so on; no cut parts nodes of one side.
  std::size_t side = 0;
  std::size_t contacts = 0;        // in its table, whether they are on the ring here or not
  std::vector<std::size_t> known;  // of them those on the ring, by their place in the list
};

struct IdSnapshot {
  static constexpr std::size_t kBins = 64;
  static constexpr std::size_t kRing = 128;

  Time at{};
  std::size_t nodes = 0;
  std::size_t up = 0;
  std::vector<IdBin> bins;     // by id; as many nodes in each, but for one
  std::vector<IdCell> cells;   // those that are not empty, by row and column
  std::vector<RingNode> ring;  // by id; those whose names have the smallest hashes with the seed
};

// Nothing where nodes have no ids in hexadecimal digits, or the protocol does not tell whom they
// know.
[[nodiscard]] std::optional<IdSnapshot> id_snapshot(World& world);

}  // namespace macula::sim
