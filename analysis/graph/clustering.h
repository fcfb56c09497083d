// Whether the neighbours of a node are neighbours of one another.
//
//   Clustering clustering = clustering_of(undirected(graph), all_nodes(graph));
//   clustering.mean;
#pragma once

#include <cstdint>
#include <vector>

#include "analysis/graph/graph.h"

namespace macula {

// A few seconds.
inline constexpr std::uint64_t kMostClusteringSteps = 4'000'000'000;

struct Clustering {
  double mean = 0;          // of the nodes that were looked at
  std::uint64_t nodes = 0;  // so many were
};

// The share of the pairs of a node's neighbours that are neighbours: the local clustering
// coefficient (Watts and Strogatz, 1998), 0 for a node with fewer than two. Nodes are looked at in
// the order of `of`, until that has taken about `most_steps`; at least one is. Each edge of the
// graph is there in both directions.
[[nodiscard]] Clustering clustering_of(const Graph& graph, const std::vector<Graph::Node>& of,
                                       std::uint64_t most_steps = kMostClusteringSteps);

}  // namespace macula
