#include "sim/macula/directory.h"

#include <array>

#include "base/check.h"
#include "base/hash.h"

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
  words_.reserve(entries_.size());
  for (const Entry& entry : entries_) words_.push_back(draw(entry.id.words.back()));
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

// Hashes are uniform: hardly ever are less than `count` below the bound, and few more.
void Directory::draw_least(Range range, std::size_t count, std::uint64_t key,
                           Drawing& drawing) const {
  const std::size_t size = range.second - range.first;
  const std::size_t likely = count + count / 2 + 8;
  std::uint64_t bound = ~std::uint64_t{0};
  if (likely < size) bound = static_cast<std::uint64_t>((Uint128{likely} << 64) / size);
  auto& low = drawing.low;
  if (low.size() <= size) low.resize(size + 1);
  std::size_t found = 0;
  for (;; bound = ~std::uint64_t{0}) {
    found = 0;
    for (std::size_t i = range.first; i < range.second; ++i) {
      low[found] = {hash(key, i), i};
      found += low[found].hash <= bound ? 1 : 0;
    }
    if (found >= std::min(count, size)) break;
  }
  const auto end = low.begin() + static_cast<std::ptrdiff_t>(found);
  std::sort(low.begin(), end, [](const Hashed& a, const Hashed& b) {
    return a.hash != b.hash ? a.hash < b.hash : a.entry < b.entry;
  });
  for (std::size_t i = 0; i < std::min(count, size); ++i) {
    drawing.drawn.push_back(entries_[low[i].entry].contact);
  }
}

// Draws the least of each cell that is taken.
void Directory::draw_from_cells(Range cells, std::size_t count, std::uint64_t key,
                                std::vector<dht::ContactRef>& drawn) const {
  const std::size_t before = drawn.size();
  std::array<Cells::Taken, Cells::kSome> taken;
  RandomStream attempts(key);
  while (drawn.size() < before + count) {
    const std::size_t takes = cells_.try_some(attempts, cells.first, cells.second, taken);
    for (std::size_t i = 0; i < takes && drawn.size() < before + count; ++i) {
      const dht::ContactRef one =
          entries_[least({taken[i].first, taken[i].end}, taken[i].attempt)].contact;
      const auto own = drawn.begin() + static_cast<std::ptrdiff_t>(before);
      if (std::find(own, drawn.end(), one) == drawn.end()) drawn.push_back(one);
    }
  }
}

std::size_t Directory::least(Range range, std::uint64_t key) const {
  std::size_t least = range.first;
  std::uint64_t lowest = hash(key, least);
  for (std::size_t i = range.first + 1; i < range.second; ++i) {
    const std::uint64_t bits = hash(key, i);
    least = bits < lowest ? i : least;
    lowest = std::min(bits, lowest);
  }
  return least;
}

void Directory::fill(dht::RoutingTable& table, const dht::NodeId& self, std::size_t bucket_size,
                     std::uint64_t key, Time now) const {
  Range own{0, entries_.size()};
  Drawing drawing;
  drawing.drawn.reserve(bucket_size * (cells_.bits() + 4));
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
      draw_least(others, bucket_size, of_bucket, drawing);
    } else {
      // Its first cells may be empty; it begins where a part of this size can.
      const std::size_t first = cell_of(entries_[others.first].id) & ~(cells - 1);
      draw_from_cells({first, first + cells}, bucket_size, of_bucket, drawing.drawn);
    }
  }
  table.fill(drawing.drawn, now);
}

}  // namespace macula::sim
