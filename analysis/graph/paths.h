// How far the nodes of a graph are from one another, along its edges.
//
//   Paths paths = paths_of(graph, all_nodes(graph));
//   paths.longest;   // the diameter, where each reaches each
//   paths.mean();
#pragma once

#include <cstdint>
#include <vector>

#include "analysis/graph/graph.h"

namespace macula {

struct Paths {
  std::uint64_t pairs = 0;    // (from, to), two nodes: as many as were asked about
  std::uint64_t reached = 0;  // of these, those with a path
  std::uint64_t steps = 0;    // of the shortest paths of those, together
  std::uint32_t longest = 0;  // of the shortest paths

  [[nodiscard]] double mean() const {
    return reached == 0 ? 0 : static_cast<double>(steps) / static_cast<double>(reached);
  }
};

[[nodiscard]] std::vector<Graph::Node> all_nodes(const Graph& graph);

// The shortest paths from every node to each of these, summed up. A breadth-first search for 512 of
// them at a time, a bit for each in the words of every node (M. Then et al., "The More the Merrier:
// Efficient Multi-Source Graph Traversal", 2014), so that an edge is followed once for all.
[[nodiscard]] Paths paths_of(const Graph& graph, const std::vector<Graph::Node>& to);

}  // namespace macula
