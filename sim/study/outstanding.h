// Nodes that differ most from the others: in what they had to do over a run, and what they hold at
// its end.
//
//   std::vector<NodeFigure> figures = node_figures(world, counts, failures);
//   for (const NodeFigure& figure : figures) {
//     for (const OutstandingNode& node : figure.outstanding) ...
//   }
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/run/node_counts.h"
#include "sim/run/world.h"

namespace macula::sim {

struct OutstandingNode {
  std::string name;
  double value = 0;
  double score = 0;  // analysis/outliers.h
};

// One thing that every node has a number of.
struct NodeFigure {
  // Each figure has so many nodes, with the greatest scores up or down.
  static constexpr std::size_t kNodes = 3;

  std::string name;       // "messages handled"
  std::string unit;       // "count", "bytes"
  std::size_t nodes = 0;  // that have one
  double median = 0;
  double greatest = 0;
  std::vector<OutstandingNode> outstanding;  // none where all are the same
};

// As the world is now. `failed`: operations that failed, by the name of the node that began them.
[[nodiscard]] std::vector<NodeFigure> node_figures(
    World& world, const NodeCounts& counts, const std::map<std::string, std::uint64_t>& failed);

}  // namespace macula::sim
