#include "analysis/graph/clustering.h"

#include <algorithm>
#include <cstddef>
#include <span>

namespace macula {
namespace {

// Pairs of neighbours, marked, that are neighbours: each is met once, from the lower of the two.
std::uint64_t linked_pairs(const Graph& graph, std::span<const Graph::Node> neighbours,
                           const std::vector<std::uint8_t>& marked) {
  std::uint64_t pairs = 0;
  for (const Graph::Node neighbour : neighbours) {
    const auto theirs = graph.targets(neighbour);
    const auto higher = std::upper_bound(theirs.begin(), theirs.end(), neighbour);
    for (auto other = higher; other != theirs.end(); ++other) pairs += marked[*other];
  }
  return pairs;
}

}  // namespace

Clustering clustering_of(const Graph& graph, const std::vector<Graph::Node>& of,
                         std::uint64_t most_steps) {
  Clustering clustering;
  std::vector<std::uint8_t> marked(graph.nodes());
  std::uint64_t steps = 0;
  double sum = 0;
  for (const Graph::Node node : of) {
    if (clustering.nodes > 0 && steps > most_steps) break;
    ++clustering.nodes;
    const auto neighbours = graph.targets(node);
    if (neighbours.size() < 2) continue;
    for (const Graph::Node neighbour : neighbours) {
      marked[neighbour] = 1;
      steps += graph.out_degree(neighbour);
    }
    const auto all = static_cast<double>(neighbours.size());
    const auto linked = static_cast<double>(linked_pairs(graph, neighbours, marked));
    sum += linked / (all * (all - 1) / 2);
    for (const Graph::Node neighbour : neighbours) marked[neighbour] = 0;
  }
  if (clustering.nodes > 0) clustering.mean = sum / static_cast<double>(clustering.nodes);
  return clustering;
}

}  // namespace macula
