#include "sim/run/directory.h"

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
  // Some eight ids a cell.
  while (entries_.size() >> (cell_bits_ + 3) > 0) ++cell_bits_;
  cells_.assign((std::size_t{1} << cell_bits_) + 1, 0);
  for (const Entry& entry : entries_) ++cells_[cell_of(entry.id) + 1];
  for (std::size_t i = 1; i < cells_.size(); ++i) cells_[i] += cells_[i - 1];
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

// A uniform subset by Floyd's algorithm (Bentley and Floyd, "A sample of brilliance", 1987): as
// many draws as entries, whatever the size of the range.
void Directory::fill(dht::RoutingTable& table, const dht::NodeId& self, std::size_t bucket_size,
                     RandomStream& random, Time now) const {
  Range own{0, entries_.size()};
  std::vector<std::size_t> drawn;
  for (int bucket = 0; own.second - own.first > 1; ++bucket) {
    const std::size_t middle = split(own, bucket);
    const Range zeros{own.first, middle};
    const Range ones{middle, own.second};
    own = dht::bit(self, bucket) ? ones : zeros;
    const Range others = dht::bit(self, bucket) ? zeros : ones;

    const std::size_t available = others.second - others.first;
    drawn.clear();
    for (std::size_t i = available - std::min(available, bucket_size); i < available; ++i) {
      const std::size_t pick = others.first + static_cast<std::size_t>(random.below(i + 1));
      const bool taken = std::find(drawn.begin(), drawn.end(), pick) != drawn.end();
      drawn.push_back(taken ? others.first + i : pick);
    }
    for (const std::size_t index : drawn) table.observe(entries_[index].contact, now);
  }
}

}  // namespace macula::sim
