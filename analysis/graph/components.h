// The components of a graph, with all nodes and when some of them go.
//
//   weak_components(graph).largest;
//   weak_components(graph, gone).largest;   // without the nodes for which `gone` is true
#pragma once

#include <cstddef>
#include <vector>

#include "analysis/graph/graph.h"

namespace macula {

struct Components {
  std::size_t count = 0;
  std::size_t largest = 0;  // nodes in it
  std::size_t nodes = 0;    // in all of them

  // The share of the nodes in the largest component; 0 without nodes.
  [[nodiscard]] double share() const {
    return nodes == 0 ? 0 : static_cast<double>(largest) / static_cast<double>(nodes);
  }
};

// Nodes between which there is a path where edges lead both ways. `gone`: by node; empty: none is.
[[nodiscard]] Components weak_components(const Graph& graph, const std::vector<bool>& gone = {});

// Nodes of which each reaches each along the edges.
[[nodiscard]] Components strong_components(const Graph& graph);

}  // namespace macula
