#include "sim/study/id_snapshot.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <string_view>
#include <utility>

#include "base/hash.h"

namespace macula::sim {
namespace {

// A node and its id, in the order of the ids.
using ById = std::vector<std::pair<std::string, NodeNumber>>;

// Nothing: some node has none, or they do not have one form.
std::optional<ById> by_id(World& world) {
  ById nodes;
  nodes.reserve(world.size());
  for (NodeNumber node = 0; node < world.size(); ++node) {
    std::string id = world.community().id_text(node);
    const bool digits =
        !id.empty() && id.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!digits || (!nodes.empty() && id.size() != nodes.front().first.size())) return std::nullopt;
    nodes.emplace_back(std::move(id), node);
  }
  if (nodes.empty()) return std::nullopt;
  std::sort(nodes.begin(), nodes.end());
  return nodes;
}

double place_of(std::string_view id) {
  const std::string_view first = id.substr(0, 12);  // as many bits as a double has, and fewer
  std::uint64_t value = 0;
  std::from_chars(first.data(), first.data() + first.size(), value, 16);
  double place = static_cast<double>(value);
  for (std::size_t i = 0; i < first.size(); ++i) place /= 16;
  return place;
}

// Places in the list of those on the ring, in order.
std::vector<std::size_t> drawn(const World& world, const ById& nodes) {
  std::vector<std::pair<std::uint64_t, std::size_t>> ranked;
  ranked.reserve(nodes.size());
  const std::uint64_t seed = hash_bytes("ring", world.seed());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    ranked.emplace_back(hash_bytes(world.name(nodes[i].second), seed), i);
  }
  if (ranked.size() > IdSnapshot::kRing) {
    const auto end = ranked.begin() + static_cast<std::ptrdiff_t>(IdSnapshot::kRing);
    std::nth_element(ranked.begin(), end, ranked.end());
    ranked.erase(end, ranked.end());
  }
  std::vector<std::size_t> places;
  places.reserve(ranked.size());
  for (const auto& [rank, place] : ranked) places.push_back(place);
  std::sort(places.begin(), places.end());
  return places;
}

// Which nodes of the ring can reach one another, as cuts have it.
void set_sides(const Network& network, const std::vector<NodeNumber>& numbers,
               std::vector<RingNode>& ring) {
  std::vector<NodeNumber> firsts;  // of each side
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const auto together = [&](NodeNumber first) {
      return !network.medium().parts(first, numbers[i]) &&
             !network.medium().parts(numbers[i], first);
    };
    const auto side = std::find_if(firsts.begin(), firsts.end(), together);
    ring[i].side = static_cast<std::size_t>(side - firsts.begin());
    if (side == firsts.end()) firsts.push_back(numbers[i]);
  }
}

}  // namespace

std::optional<IdSnapshot> id_snapshot(World& world) {
  const auto nodes = by_id(world);
  if (!nodes) return std::nullopt;
  const std::size_t bins = std::min(IdSnapshot::kBins, nodes->size());
  IdSnapshot snapshot;
  snapshot.at = world.network().now();
  snapshot.nodes = nodes->size();
  snapshot.bins.resize(bins);
  std::vector<std::size_t> bin_of(nodes->size());
  for (std::size_t i = 0; i < nodes->size(); ++i) {
    const std::size_t bin = i * bins / nodes->size();
    const NodeNumber node = (*nodes)[i].second;
    bin_of[node] = bin;
    IdBin& in = snapshot.bins[bin];
    if (in.nodes++ == 0) in.first = world.name(node);
  }
  std::vector<NodeNumber> numbers;
  std::map<NodeNumber, std::size_t> on_ring;
  for (const std::size_t place : drawn(world, *nodes)) {
    const auto& [id, node] = (*nodes)[place];
    on_ring[node] = snapshot.ring.size();
    numbers.push_back(node);
    snapshot.ring.push_back({world.name(node), place_of(id), world.up(node), 0, 0, {}});
  }
  set_sides(world.network(), numbers, snapshot.ring);
  std::vector<std::uint64_t> cells(bins * bins);
  for (NodeNumber node = 0; node < world.size(); ++node) {
    if (!world.up(node)) continue;
    const auto contacts = world.community().contacts(node);
    if (!contacts) return std::nullopt;
    ++snapshot.up;
    IdBin& row = snapshot.bins[bin_of[node]];
    ++row.up;
    row.contacts += contacts->size();
    const auto own = on_ring.find(node);
    for (const NodeNumber contact : *contacts) {
      ++cells[bin_of[node] * bins + bin_of[contact]];
      ++snapshot.bins[bin_of[contact]].known;
      if (own == on_ring.end()) continue;
      const auto other = on_ring.find(contact);
      if (other != on_ring.end()) snapshot.ring[own->second].known.push_back(other->second);
    }
    if (own == on_ring.end()) continue;
    RingNode& on = snapshot.ring[own->second];
    on.contacts = contacts->size();
    std::sort(on.known.begin(), on.known.end());
  }
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells[i] != 0) snapshot.cells.push_back({i / bins, i % bins, cells[i]});
  }
  return snapshot;
}

}  // namespace macula::sim
