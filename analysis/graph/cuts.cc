#include "analysis/graph/cuts.h"

#include <algorithm>
#include <boost/graph/biconnected_components.hpp>
#include <boost/property_map/property_map.hpp>
#include <cstddef>
#include <cstdint>
#include <iterator>

#include "analysis/graph/boost_graph.h"

namespace macula {

// A bridge is an edge that is a biconnected component by itself. Boost gives each edge its
// component in the one direction in which it has come to it, the other stays without.
Cuts cuts_of(const Graph& graph) {
  Cuts cuts;
  if (graph.nodes() == 0) return cuts;
  const BoostGraph boosted = boost_graph(graph);
  const std::size_t none = graph.edges();
  std::vector<std::size_t> component(graph.edges(), none);
  const auto by_edge =
      boost::make_iterator_property_map(component.begin(), get(boost::edge_index, boosted));
  const auto found =
      boost::biconnected_components(boosted, by_edge, std::back_inserter(cuts.articulation_points));
  std::sort(cuts.articulation_points.begin(), cuts.articulation_points.end());
  std::vector<std::uint64_t> edges(found.first);
  for (const std::size_t of : component) {
    if (of != none) ++edges[of];
  }
  std::size_t edge = 0;
  for (std::size_t node = 0; node < graph.nodes(); ++node) {
    for (const Graph::Node target : graph.targets(node)) {
      const std::size_t of = component[edge++];
      if (of == none || edges[of] != 1) continue;
      const auto self = static_cast<Graph::Node>(node);
      cuts.bridges.emplace_back(std::min(self, target), std::max(self, target));
    }
  }
  std::sort(cuts.bridges.begin(), cuts.bridges.end());
  return cuts;
}

}  // namespace macula
