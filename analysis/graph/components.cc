#include "analysis/graph/components.h"

#include <algorithm>
#include <boost/graph/strong_components.hpp>
#include <boost/pending/disjoint_sets.hpp>
#include <boost/property_map/property_map.hpp>
#include <cstdint>

#include "analysis/graph/boost_graph.h"

namespace macula {
namespace {

// `component`: of each node, or `none` of those that are in none; numbers below that of nodes.
Components counted(const std::vector<std::uint32_t>& component, std::uint32_t none) {
  std::vector<std::size_t> sizes(component.size());
  Components found;
  for (const std::uint32_t of : component) {
    if (of == none) continue;
    ++found.nodes;
    if (++sizes[of] == 1) ++found.count;
    found.largest = std::max(found.largest, sizes[of]);
  }
  return found;
}

}  // namespace

Components weak_components(const Graph& graph, const std::vector<bool>& gone) {
  const auto stays = [&](std::size_t node) { return gone.empty() || !gone[node]; };
  const auto none = static_cast<std::uint32_t>(graph.nodes());
  std::vector<std::uint32_t> rank(graph.nodes());
  std::vector<std::uint32_t> parent(graph.nodes());
  const boost::typed_identity_property_map<std::uint32_t> index;
  boost::disjoint_sets sets(boost::make_iterator_property_map(rank.begin(), index),
                            boost::make_iterator_property_map(parent.begin(), index));
  for (std::uint32_t node = 0; node < none; ++node) sets.make_set(node);
  for (std::uint32_t node = 0; node < none; ++node) {
    if (!stays(node)) continue;
    for (const Graph::Node target : graph.targets(node)) {
      if (stays(target)) sets.union_set(node, target);
    }
  }
  std::vector<std::uint32_t> component(graph.nodes());
  for (std::uint32_t node = 0; node < none; ++node) {
    component[node] = stays(node) ? sets.find_set(node) : none;
  }
  return counted(component, none);
}

Components strong_components(const Graph& graph) {
  if (graph.nodes() == 0) return {};
  const BoostGraph boosted = boost_graph(graph);
  std::vector<std::uint32_t> component(graph.nodes());
  boost::strong_components(boosted, component.data());
  return counted(component, static_cast<std::uint32_t>(graph.nodes()));
}

}  // namespace macula
