// Graphs whose figures are known in closed form. Edges lead in both directions, but for `ring`.
#pragma once

#include <cstdint>
#include <numeric>
#include <vector>

#include "analysis/graph/graph.h"

namespace macula {

using Edges = std::vector<std::vector<Graph::Node>>;

inline Graph graph_of(Edges edges) {
  Graph graph;
  for (auto& targets : edges) graph.add(std::move(targets));
  return graph;
}

// Each node knows the next one.
inline Graph ring(std::uint32_t nodes) {
  Graph graph;
  for (std::uint32_t i = 0; i < nodes; ++i) graph.add({(i + 1) % nodes});
  return graph;
}

inline Graph line(std::uint32_t nodes) {
  Edges edges(nodes);
  for (std::uint32_t i = 0; i + 1 < nodes; ++i) edges[i] = {i + 1};
  return undirected(graph_of(std::move(edges)));
}

// Node 0 is in the middle.
inline Graph star(std::uint32_t nodes) {
  std::vector<Graph::Node> all(nodes);
  std::iota(all.begin(), all.end(), 0U);
  Edges edges(nodes);
  edges[0] = all;
  return undirected(graph_of(std::move(edges)));
}

inline void add_clique(Edges& edges, std::uint32_t first, std::uint32_t nodes) {
  for (std::uint32_t i = first; i < first + nodes; ++i) {
    for (std::uint32_t j = first; j < first + nodes; ++j) edges[i].push_back(j);
  }
}

inline Graph complete(std::uint32_t nodes) {
  Edges edges(nodes);
  add_clique(edges, 0, nodes);
  return graph_of(std::move(edges));
}

// Cliques of so many nodes each; the last of the first and the first of the second know each other.
inline Graph two_cliques(std::uint32_t nodes) {
  Edges edges(std::size_t{2} * nodes);
  add_clique(edges, 0, nodes);
  add_clique(edges, nodes, nodes);
  edges[nodes - 1].push_back(nodes);
  edges[nodes].push_back(nodes - 1);
  return graph_of(std::move(edges));
}

}  // namespace macula
