// The nodes that selectors stand for, and those that they draw.
#include <algorithm>
#include <map>

#include "base/hash.h"
#include "sim/run/world.h"

namespace macula::sim {

// A part of a draw depends on the draw, and on which part it is.
std::uint64_t World::part_of(std::uint64_t key, std::string_view part, std::uint64_t which) {
  return mix(key, hash_bytes(part), which);
}

NodeNumber World::any_live(const Selector& selector, std::uint64_t key) {
  const auto live = [&](NodeNumber node) { return up(node) && !network_->paused(node); };
  if (selector.kind != Selector::Kind::all && selector.kind != Selector::Kind::named) {
    return pool_of(select(selector, key)).any(key, live);
  }
  const auto [first, end] = roster_.range(selector);
  auto& pool = pools_[{first, end}];
  if (pool.size() == 0) pool = pool_of(select(selector, key));
  return pool.any(key, live);
}

Pool World::pool_of(const std::vector<NodeNumber>& nodes) const {
  std::vector<Pool::Entry> entries;
  entries.reserve(nodes.size());
  for (const NodeNumber node : nodes) entries.push_back({roster_.name_hash(node), node});
  return Pool(std::move(entries));
}

std::vector<NodeNumber> World::select(const Selector& selector, std::uint64_t key) {
  using Kind = Selector::Kind;
  std::vector<NodeNumber> nodes;
  switch (selector.kind) {
    case Kind::all:
    case Kind::named: {
      const auto [first, end] = roster_.range(selector);
      nodes.reserve(end - first);
      for (NodeNumber node = first; node < end; ++node) nodes.push_back(node);
      break;
    }
    case Kind::indexed:
      nodes.push_back(roster_.numbered(selector.name, selector.number));
      break;
    case Kind::any: {
      const NodeNumber node = any_live(selector.members.front(), part_of(key, "any"));
      if (node != kNoNode) nodes.push_back(node);
      break;
    }
    case Kind::sample: {
      const std::uint64_t part = part_of(key, "sample");
      const std::vector<NodeNumber> from = select(selector.members.front(), part);
      nodes = pool_of(from).sample(part, from.size() * selector.share_ppm / 1'000'000);
      break;
    }
    case Kind::closest:
    case Kind::closest_live:
    case Kind::holders:
      nodes = community_->select(selector);
      break;
    case Kind::list: {
      std::map<std::string_view, std::uint64_t> alike;
      for (const Selector& entry : selector.members) {
        const std::uint64_t part = part_of(key, entry.text, alike[entry.text]++);
        for (const NodeNumber node : select(entry, part)) {
          if (std::find(nodes.begin(), nodes.end(), node) == nodes.end()) nodes.push_back(node);
        }
      }
      break;
    }
  }
  return nodes;
}

}  // namespace macula::sim
