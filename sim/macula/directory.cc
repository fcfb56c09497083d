#include "sim/macula/directory.h"

#include "base/check.h"

namespace macula::sim {

Directory::Directory(const dht::ContactBook& book, const std::vector<dht::ContactRef>& contacts) {
  entries_.reserve(contacts.size());
  for (std::size_t i = 0; i < contacts.size(); ++i) {
    if (contacts[i] == dht::kNoContact) continue;
    entries_.push_back({book.id(contacts[i]), contacts[i], static_cast<NodeNumber>(i)});
  }
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    return a.id != b.id ? a.id < b.id : a.node < b.node;
  });
  cells_ = Cells(entries_.size(), [&](std::size_t i) { return entries_[i].id.words[0]; });
}

void Directory::change(NodeNumber node, const dht::NodeId& id) {
  const auto known = changed_by_node_.find(node);
  if (known != changed_by_node_.end()) changed_.erase(known->second);
  const auto [at, fresh] = changed_.emplace(id, node);
  MACULA_CHECK(fresh);
  changed_by_node_[node] = at;
}

std::size_t Directory::split(Range range, int bit) const {
  const auto begin = entries_.begin();
  const auto middle =
      std::partition_point(begin + static_cast<std::ptrdiff_t>(range.first),
                           begin + static_cast<std::ptrdiff_t>(range.second),
                           [&](const Entry& entry) { return !dht::bit(entry.id, bit); });
  return static_cast<std::size_t>(middle - begin);
}

void Directory::draw_least(Range range, std::size_t count, std::uint64_t key,
                           std::vector<Drawn>& drawn) const {
  drawn.clear();
  for (std::size_t i = range.first; i < range.second; ++i) drawn.emplace_back(hash(key, i), i);
  count = std::min(count, drawn.size());
  std::partial_sort(drawn.begin(), drawn.begin() + static_cast<std::ptrdiff_t>(count), drawn.end());
  drawn.resize(count);
}

// Of each cell that is taken, the least.
void Directory::draw_from_cells(Range cells, std::size_t count, std::uint64_t key,
                                std::vector<Drawn>& drawn) const {
  drawn.clear();
  for (std::uint64_t i = 0; drawn.size() < count; ++i) {
    const std::uint64_t attempt = mix(key, i);
    const auto taken = cells_.tried(attempt, cells.first, cells.second);
    if (!taken) continue;
    Drawn least{hash(attempt, taken->first), taken->first};
    for (std::size_t at = taken->first + 1; at < taken->second; ++at) {
      least = std::min(least, Drawn{hash(attempt, at), at});
    }
    const bool known = std::any_of(drawn.begin(), drawn.end(), [&](const Drawn& other) {
      return other.second == least.second;
    });
    if (!known) drawn.push_back(least);
  }
}

void Directory::fill(dht::RoutingTable& table, const dht::NodeId& self, std::size_t bucket_size,
                     std::uint64_t key, Time now) const {
  Range own{0, entries_.size()};
  std::vector<Drawn> drawn;
  for (int bucket = 0; own.second - own.first > 1; ++bucket) {
    const std::size_t middle = split(own, bucket);
    const Range zeros{own.first, middle};
    const Range ones{middle, own.second};
    own = dht::bit(self, bucket) ? ones : zeros;
    const Range others = dht::bit(self, bucket) ? zeros : ones;
    const std::uint64_t of_bucket = mix(key, static_cast<std::uint64_t>(bucket));
    // The part of the space has 2 ^ bits cells, however many nodes are in it.
    const int bits = static_cast<int>(cells_.bits()) - bucket - 1;
    const std::size_t cells = bits > 0 ? std::size_t{1} << bits : 1;
    // Ids are uniform; where they were not, trying might take for ever.
    const bool sparse = others.second - others.first < 4 * bucket_size;
    if (sparse || cells < std::max(kManyCells, bucket_size)) {
      draw_least(others, bucket_size, of_bucket, drawn);
    } else {
      // Its first cells may be empty; it begins where a part of this size can.
      const std::size_t first = cell_of(entries_[others.first].id) & ~(cells - 1);
      draw_from_cells({first, first + cells}, bucket_size, of_bucket, drawn);
    }
    for (const Drawn& one : drawn) table.observe(entries_[one.second].contact, now);
  }
}

}  // namespace macula::sim
