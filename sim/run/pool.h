// The nodes of which some are drawn: those with the least hash of what draws and of their name.
//
//   Pool pool({{hash_of_name, node}, {hash_of_other, other}});
//   NodeNumber one = pool.any(key, live);       // one of those that are `live`; kNoNode: none is
//   auto nodes = pool.sample(key, 10);          // ten of them, by number
//
// Each is drawn with the same probability, and whether one is drawn depends on no other but through
// its hash: take a node away, and where it was not drawn the same ones are.
//
// Hashing all of a large pool for each draw would take too long. Its nodes lie in cells by the hash
// of their names (sim/run/cells.h). In a cell that is drawn the least hash counts, and where that
// node is not live there is another try.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/hash.h"
#include "sim/engine/random.h"
#include "sim/net/link.h"
#include "sim/run/cells.h"

namespace macula::sim {

class Pool {
 public:
  struct Entry {
    std::uint64_t name_hash;
    NodeNumber node;
  };

  static constexpr std::size_t kFew = 256;  // of so many each is hashed for each draw

  Pool() = default;
  explicit Pool(std::vector<Entry> entries);

  [[nodiscard]] std::size_t size() const { return entries_.size(); }

  template <typename Live>
  [[nodiscard]] NodeNumber any(std::uint64_t key, Live live) const;
  // `count` is at most size().
  [[nodiscard]] std::vector<NodeNumber> sample(std::uint64_t key, std::size_t count) const;

 private:
  static constexpr int kTries = 256;

  [[nodiscard]] static std::uint64_t hash(std::uint64_t key, const Entry& entry) {
    return draw(mix(key, entry.name_hash));
  }
  // The one with the least hash of those from `first` to `end` that are live.
  template <typename Live>
  [[nodiscard]] NodeNumber least(std::uint64_t key, std::size_t first, std::size_t end,
                                 Live live) const;

  std::vector<Entry> entries_;  // by hash of the name
  Cells cells_;                 // none where there are few
};

template <typename Live>
NodeNumber Pool::least(std::uint64_t key, std::size_t first, std::size_t end, Live live) const {
  NodeNumber found = kNoNode;
  std::uint64_t lowest = 0;
  for (std::size_t i = first; i < end; ++i) {
    const std::uint64_t bits = hash(key, entries_[i]);
    if ((found != kNoNode && bits >= lowest) || !live(entries_[i].node)) continue;
    found = entries_[i].node;
    lowest = bits;
  }
  return found;
}

template <typename Live>
NodeNumber Pool::any(std::uint64_t key, Live live) const {
  if (cells_.count() == 0) return least(key, 0, entries_.size(), live);
  const auto anybody = [](NodeNumber) { return true; };
  RandomStream attempts(key);
  for (int i = 0; i < kTries; ++i) {
    const std::uint64_t attempt = attempts.next();
    const auto taken = cells_.tried(attempt, 0, cells_.count());
    if (!taken) continue;
    const NodeNumber node = least(attempt, taken->first, taken->second, anybody);
    if (live(node)) return node;
  }
  return least(key, 0, entries_.size(), live);  // hardly any is live
}

}  // namespace macula::sim
