// A directed graph as plain vectors: no loops, no edge twice.
//
//   Graph graph;
//   graph.add({1, 2});   // node 0 knows nodes 1 and 2, which follow
//   graph.add({0});
//   graph.add({});
//   graph.targets(0);    // 1, 2
//
// Nodes are numbers from 0. The edges of all nodes lie one after another (compressed sparse rows):
// 4 bytes an edge and 8 a node.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace macula {

class Graph {
 public:
  using Node = std::uint32_t;

  // The next node, with edges to these: in any order, itself and the same one twice are left out.
  // They may be nodes that are still to be added.
  void add(std::vector<Node> targets);

  [[nodiscard]] std::size_t nodes() const { return starts_.size() - 1; }
  [[nodiscard]] std::size_t edges() const { return targets_.size(); }
  // By number.
  [[nodiscard]] std::span<const Node> targets(std::size_t node) const {
    return {targets_.data() + starts_[node], targets_.data() + starts_[node + 1]};
  }
  [[nodiscard]] std::size_t out_degree(std::size_t node) const {
    return starts_[node + 1] - starts_[node];
  }

 private:
  std::vector<std::size_t> starts_{0};  // one more than nodes
  std::vector<Node> targets_;
};

// How many nodes have an edge to each.
[[nodiscard]] std::vector<std::uint32_t> in_degrees(const Graph& graph);

// Each edge in both directions.
[[nodiscard]] Graph undirected(const Graph& graph);

// Those nodes alone for which `kept` is true, numbered anew in the same order, and the edges among
// them.
[[nodiscard]] Graph part_of(const Graph& graph, const std::vector<bool>& kept);

}  // namespace macula
