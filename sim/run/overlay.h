// The overlay of a world at an instant: which live node knows which, as its community tells
// (Community::contacts).
//
//   const auto overlay = overlay_of(world);
//   weak_components(overlay->live).count;
//   world.name(overlay->nodes[0]);   // of node 0 of `live`
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "analysis/graph/graph.h"
#include "sim/run/world.h"

namespace macula::sim {

struct Overlay {
  Graph all;                      // of all nodes, by number; no edge begins at one that is down
  std::vector<bool> up;           // by number
  std::vector<NodeNumber> nodes;  // those that are up, in order
  Graph live;                     // of these alone: node i is nodes[i]
};

// Nothing where the protocol does not tell whom its nodes know.
[[nodiscard]] std::optional<Overlay> overlay_of(World& world);

// The nodes of `live`, in the order in which they are taken where not all are. It depends on the
// seed and their names.
[[nodiscard]] std::vector<Graph::Node> drawn_nodes(const World& world, const Overlay& overlay);

}  // namespace macula::sim
