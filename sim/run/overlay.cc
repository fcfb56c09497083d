#include "sim/run/overlay.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "sim/engine/random.h"

namespace macula::sim {

std::optional<Overlay> overlay_of(World& world) {
  Overlay overlay;
  overlay.up.resize(world.size());
  for (NodeNumber node = 0; node < world.size(); ++node) {
    std::vector<Graph::Node> known;
    overlay.up[node] = world.up(node);
    if (overlay.up[node]) {
      auto contacts = world.community().contacts(node);
      if (!contacts) return std::nullopt;
      known = std::move(*contacts);
      overlay.nodes.push_back(node);
    }
    overlay.all.add(std::move(known));
  }
  overlay.live = part_of(overlay.all, overlay.up);
  return overlay;
}

std::vector<Graph::Node> drawn_nodes(const World& world, const Overlay& overlay) {
  std::vector<std::pair<std::uint64_t, Graph::Node>> drawn;
  drawn.reserve(overlay.nodes.size());
  for (Graph::Node i = 0; i < overlay.nodes.size(); ++i) {
    drawn.emplace_back(
        draw(mix(hash_bytes("overlay", world.seed()), world.name_hash(overlay.nodes[i]))), i);
  }
  std::sort(drawn.begin(), drawn.end());
  std::vector<Graph::Node> nodes;
  nodes.reserve(drawn.size());
  for (const auto& [hash, node] : drawn) nodes.push_back(node);
  return nodes;
}

}  // namespace macula::sim
