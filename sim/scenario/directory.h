// The simulator's full knowledge of ids: who is closest to a key, who belongs in which bucket.
//
//   Directory directory(book, contacts);               // contact i belongs to node i
//   directory.closest(key, 20, [](NodeNumber n) { return alive(n); });
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "dht/contact_book.h"
#include "dht/routing_table.h"
#include "sim/engine/random.h"
#include "sim/net/link.h"

namespace macula::sim {

class Directory {
 public:
  Directory(const dht::ContactBook& book, const std::vector<dht::ContactRef>& contacts);

  // The `count` nodes closest to `target` of those that `wanted(node)` admits, nearest first.
  template <typename Wanted>
  [[nodiscard]] std::vector<NodeNumber> closest(const dht::NodeId& target, std::size_t count,
                                                Wanted wanted) const {
    std::vector<NodeNumber> found;
    found.reserve(count);
    collect(target, count, wanted, {0, entries_.size()}, 0, found);
    return found;
  }

  // Fills a table as full knowledge would: of each bucket min(bucket_size, available) nodes, drawn
  // uniformly from all that belong there.
  void fill(dht::RoutingTable& table, const dht::NodeId& self, std::size_t bucket_size,
            RandomStream& random) const;

 private:
  struct Entry {
    dht::NodeId id;
    dht::ContactRef contact;
    NodeNumber node;
  };
  using Range = std::pair<std::size_t, std::size_t>;

  // Where, in a range of ids that share their first `bit` bits, those with that bit set begin.
  [[nodiscard]] std::size_t split(Range range, int bit) const;

  // Ids are sorted: all that share a prefix lie together. Of the two halves by the next bit, the
  // one that agrees with the target holds the closer ids.
  template <typename Wanted>
  void collect(const dht::NodeId& target, std::size_t count, Wanted& wanted, Range range, int bit,
               std::vector<NodeNumber>& found) const {
    if (range.first == range.second || found.size() == count) return;
    if (range.second - range.first == 1) {
      if (wanted(entries_[range.first].node)) found.push_back(entries_[range.first].node);
      return;
    }
    const std::size_t middle = split(range, bit);
    Range near{range.first, middle};
    Range far{middle, range.second};
    if (dht::bit(target, bit)) std::swap(near, far);
    collect(target, count, wanted, near, bit + 1, found);
    collect(target, count, wanted, far, bit + 1, found);
  }

  std::vector<Entry> entries_;  // by id
};

}  // namespace macula::sim
