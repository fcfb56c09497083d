#include "analysis/graph/graph.h"

#include <algorithm>
#include <utility>

namespace macula {

void Graph::add(std::vector<Node> targets) {
  const auto self = static_cast<Node>(nodes());
  std::sort(targets.begin(), targets.end());
  targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
  for (const Node target : targets) {
    if (target != self) targets_.push_back(target);
  }
  starts_.push_back(targets_.size());
}

std::vector<std::uint32_t> in_degrees(const Graph& graph) {
  std::vector<std::uint32_t> degrees(graph.nodes());
  for (std::size_t node = 0; node < graph.nodes(); ++node) {
    for (const Graph::Node target : graph.targets(node)) ++degrees[target];
  }
  return degrees;
}

Graph undirected(const Graph& graph) {
  std::vector<std::vector<Graph::Node>> sources(graph.nodes());
  const std::vector<std::uint32_t> degrees = in_degrees(graph);
  for (std::size_t node = 0; node < graph.nodes(); ++node) {
    sources[node].reserve(graph.out_degree(node) + degrees[node]);
  }
  for (std::size_t node = 0; node < graph.nodes(); ++node) {
    for (const Graph::Node target : graph.targets(node)) {
      sources[node].push_back(target);
      sources[target].push_back(static_cast<Graph::Node>(node));
    }
  }
  Graph both;
  for (auto& neighbours : sources) both.add(std::exchange(neighbours, {}));
  return both;
}

Graph part_of(const Graph& graph, const std::vector<bool>& kept) {
  std::vector<Graph::Node> numbers(graph.nodes());
  Graph::Node next = 0;
  for (std::size_t node = 0; node < graph.nodes(); ++node) {
    numbers[node] = next;
    if (kept[node]) ++next;
  }
  Graph part;
  for (std::size_t node = 0; node < graph.nodes(); ++node) {
    if (!kept[node]) continue;
    std::vector<Graph::Node> targets;
    for (const Graph::Node target : graph.targets(node)) {
      if (kept[target]) targets.push_back(numbers[target]);
    }
    part.add(std::move(targets));
  }
  return part;
}

}  // namespace macula
