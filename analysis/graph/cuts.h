// Where a graph hangs by one node or one edge: whoever takes it away divides what was together.
//
//   Cuts cuts = cuts_of(undirected(graph));
#pragma once

#include <utility>
#include <vector>

#include "analysis/graph/graph.h"

namespace macula {

struct Cuts {
  std::vector<Graph::Node> articulation_points;              // by number
  std::vector<std::pair<Graph::Node, Graph::Node>> bridges;  // the lower number first; in order
};

// Each edge of the graph is there in both directions.
[[nodiscard]] Cuts cuts_of(const Graph& graph);

}  // namespace macula
