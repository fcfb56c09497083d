// The figures of a graph: how it hangs together, how far apart its nodes are, on which nodes and
// edges that rests, and the rest of it when the most known nodes go, or a region.
//
//   GraphFigures figures = figures_of(graph, drawn, regions);
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "analysis/graph/clustering.h"
#include "analysis/graph/components.h"
#include "analysis/graph/cuts.h"
#include "analysis/graph/graph.h"
#include "analysis/graph/paths.h"

namespace macula {

// Paths are exact up to so many nodes; of more, those to kPathTargets of them.
inline constexpr std::size_t kExactNodes = 10'000;
inline constexpr std::size_t kPathTargets = 1'024;
// Only so many regions go, the largest.
inline constexpr std::size_t kMostRegions = 32;
inline constexpr std::size_t kMostKnown = 5;

struct Removal {
  double share = 0;  // of the nodes, those with the highest in-degree; 0: it is a region that goes
  std::string region;  // its name
  std::size_t gone = 0;
  Components left;  // weak
};

struct InDegrees {
  std::uint32_t min = 0;
  std::uint32_t p50 = 0;
  std::uint32_t p99 = 0;
  std::uint32_t max = 0;
  std::vector<Graph::Node> most;  // up to kMostKnown, the highest first
  std::vector<std::uint32_t> of;  // by node
};

struct GraphFigures {
  std::size_t nodes = 0;
  std::size_t edges = 0;
  Components weak;
  Components strong;
  std::size_t path_targets = 0;  // as many as nodes: `paths` is exact
  Paths paths;
  InDegrees in_degrees;
  Cuts cuts;              // these two are of the undirected graph
  Clustering clustering;  // of as many nodes as there are: exact
  std::vector<Removal> removals;
};

// The nodes to which paths are measured. `drawn`: all nodes, in the order in which they are taken
// where not all are.
[[nodiscard]] std::vector<Graph::Node> path_targets(const std::vector<Graph::Node>& drawn);

// `regions`: the name of each node's; empty: it is in none.
[[nodiscard]] GraphFigures figures_of(const Graph& graph, const std::vector<Graph::Node>& drawn,
                                      const std::vector<std::string>& regions);

}  // namespace macula
