// How much each node of a run had to do, counted from outside. It changes nothing: a run with it
// has the digest of one without.
//
//   NodeCounts counts;
//   options.counts = &counts;
//   run_scenario(scenario, seed, options);
//   counts.of(node).handled;
#pragma once

#include <cstdint>
#include <vector>

#include "sim/net/observer.h"

namespace macula::sim {

class NodeCounts {
 public:
  struct Node {
    std::uint64_t handled = 0;  // messages that were handed to it
    std::uint64_t waited = 0;   // requests of it that nobody answered in time
    std::uint64_t silent = 0;   // requests to it that it did not answer in time
  };

  void on_event(EventKind kind, NodeNumber from, NodeNumber to) {
    const bool handed =
        kind == EventKind::request || kind == EventKind::reply || kind == EventKind::message;
    if (handed) ++at(to).handled;
    if (kind != EventKind::failure) return;
    ++at(from).waited;
    if (to != kNoNode) ++at(to).silent;
  }

  [[nodiscard]] Node of(NodeNumber node) const {
    return node < nodes_.size() ? nodes_[node] : Node{};
  }

 private:
  [[nodiscard]] Node& at(NodeNumber node) {
    if (node >= nodes_.size()) nodes_.resize(node + std::size_t{1});
    return nodes_[node];
  }

  std::vector<Node> nodes_;  // by number
};

}  // namespace macula::sim
