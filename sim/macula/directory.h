// The simulator's full knowledge of ids: who is closest to a key, who belongs in which bucket.
//
//   Directory directory(book, contacts);   // contact i belongs to node i; kNoContact: it has none
//   directory.closest(key, 20, [&](NodeNumber node) { return network.up(node); });
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "dht/contact/contact_book.h"
#include "dht/table/routing_table.h"
#include "sim/engine/random.h"
#include "sim/net/link.h"
#include "sim/run/cells.h"

namespace macula::sim {

class Directory {
 public:
  Directory(const dht::ContactBook& book, const std::vector<dht::ContactRef>& contacts);

  // The `count` nodes closest to `target` of those that `wanted(node)` admits, nearest first.
  template <typename Wanted>
  [[nodiscard]] std::vector<NodeNumber> closest(const dht::NodeId& target, std::size_t count,
                                                Wanted wanted) const;

  // From now on the node has this contact, with another id.
  void change(NodeNumber node, const dht::NodeId& id);

  // Fills a table as full knowledge would: of each bucket min(bucket_size, available) nodes, drawn
  // uniformly from all that belong there. Those are drawn whose hash of `key`, which stands for the
  // owner of the table, and their id is least: a node more or less changes nothing of the others.
  // In a large part of the id space nodes are tried one after another, as in sim/run/pool.h.
  void fill(dht::RoutingTable& table, const dht::NodeId& self, std::size_t bucket_size,
            std::uint64_t key, Time now = kTimeZero) const;

 private:
  struct Entry {
    dht::NodeId id;
    dht::ContactRef contact;
    NodeNumber node;
  };
  using Range = Cells::Range;
  struct Hashed {
    std::uint64_t hash;
    std::size_t entry;
  };
  // The contacts of a table, as they are drawn, and room to sort hashes in.
  struct Drawing {
    std::vector<dht::ContactRef> drawn;
    std::vector<Hashed> low;
  };
  static constexpr std::size_t kManyCells = 32;

  [[nodiscard]] std::uint64_t hash(std::uint64_t key, std::size_t entry) const {
    return mix(key, words_[entry]);
  }
  // Add to `drawn` the contacts of the `count` least of a range, in order of their hashes; of many
  // cells, so many found by trying.
  void draw_least(Range range, std::size_t count, std::uint64_t key, Drawing& drawing) const;
  void draw_from_cells(Range cells, std::size_t count, std::uint64_t key,
                       std::vector<dht::ContactRef>& drawn) const;
  // The entry of a range, which has some, with the least hash.
  [[nodiscard]] std::size_t least(Range range, std::uint64_t key) const;

  // Where, in a range of ids that share their first `bit` bits, those with that bit set begin.
  [[nodiscard]] std::size_t split(Range range, int bit) const;

  [[nodiscard]] std::size_t cell_of(const dht::NodeId& id) const { return cells_.of(id.words[0]); }

  // Nodes whose id is not that of their entry any more, by their present ids.
  using Changed = std::map<dht::NodeId, NodeNumber>;

  // The lowest id of a cell.
  [[nodiscard]] dht::NodeId first_of(std::size_t cell) const {
    dht::NodeId id;
    id.words[0] = cells_.least_of(cell);
    return id;
  }

  std::vector<Entry> entries_;        // by id, as they were at the start
  std::vector<std::uint64_t> words_;  // uniform bits that stand for their ids
  Changed changed_;
  std::map<NodeNumber, Changed::iterator> changed_by_node_;
  Cells cells_;  // of the entries
};

// Cells in the order of (target's cell XOR 0, 1, 2, ..) are cells in order of distance: the bits of
// a cell are the first bits of its ids. So only the ids of one cell at a time need sorting.
template <typename Wanted>
std::vector<NodeNumber> Directory::closest(const dht::NodeId& target, std::size_t count,
                                           Wanted wanted) const {
  std::vector<NodeNumber> found;
  found.reserve(count);
  std::vector<std::pair<dht::NodeId, NodeNumber>> cell;
  const std::size_t home = cell_of(target);
  for (std::size_t offset = 0; offset < cells_.count() && found.size() < count; ++offset) {
    const std::size_t number = home ^ offset;
    cell.clear();
    const auto [begin, end] = cells_.range(number);
    for (std::size_t i = begin; i < end; ++i) {
      const Entry& entry = entries_[i];
      const bool present = changed_.empty() || changed_by_node_.count(entry.node) == 0;
      if (present && wanted(entry.node)) {
        cell.emplace_back(dht::distance(entry.id, target), entry.node);
      }
    }
    for (auto at = changed_.empty() ? changed_.end() : changed_.lower_bound(first_of(number));
         at != changed_.end() && cell_of(at->first) == number; ++at) {
      if (wanted(at->second)) cell.emplace_back(dht::distance(at->first, target), at->second);
    }
    std::sort(cell.begin(), cell.end());
    for (const auto& [distance, node] : cell) {
      if (found.size() < count) found.push_back(node);
    }
  }
  return found;
}

}  // namespace macula::sim
