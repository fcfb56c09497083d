// A graph as Boost.Graph takes it, for the files of this room that use its algorithms.
#pragma once

#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "analysis/graph/graph.h"

namespace macula {

using BoostGraph =
    boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, boost::no_property,
                                       boost::no_property, std::uint32_t, std::uint64_t>;

[[nodiscard]] inline BoostGraph boost_graph(const Graph& graph) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
  edges.reserve(graph.edges());
  for (std::size_t node = 0; node < graph.nodes(); ++node) {
    for (const Graph::Node target : graph.targets(node)) {
      edges.emplace_back(static_cast<std::uint32_t>(node), target);
    }
  }
  return {boost::edges_are_sorted, edges.begin(), edges.end(),
          static_cast<std::uint32_t>(graph.nodes()), edges.size()};
}

}  // namespace macula
