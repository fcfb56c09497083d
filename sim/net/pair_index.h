// Finds the slot of what belongs to two nodes: a hash table of 8 bytes a place.
//
//   PairIndex index;
//   index.add(key, slot);
//   std::uint32_t found = index.find(key, [&](std::uint32_t other) { return keys[other] == key; });
//
// Open addressing with linear probing; what is found is held against its key by whoever keeps it.
// Looked up by key only, never walked through.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/hash.h"
#include "sim/net/exchange.h"

namespace macula::sim {

class PairIndex {
 public:
  // kNoSlot if there is none. `holds(slot)`: whether that slot is the one of this key.
  template <typename Holds>
  [[nodiscard]] std::uint32_t find(std::uint64_t key, Holds holds) const {
    if (cells_.empty()) return kNoSlot;
    const std::uint64_t hash = hash_of(key);
    for (std::size_t at = home(hash); cells_[at].slot != kNoSlot; at = next(at)) {
      if (cells_[at].tag == tag_of(hash) && holds(cells_[at].slot)) return cells_[at].slot;
    }
    return kNoSlot;
  }
  // The key is not in it yet.
  void add(std::uint64_t key, std::uint32_t slot);
  // The key is in it, with this slot.
  void remove(std::uint64_t key, std::uint32_t slot);

 private:
  // The tag is the upper half of the hash, the place the lower: a table that grows or closes a gap
  // needs both.
  struct Cell {
    std::uint32_t slot = kNoSlot;
    std::uint32_t tag = 0;
  };

  static std::uint64_t hash_of(std::uint64_t key) { return mix(key, 0x9e3779b97f4a7c15); }
  static std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash); }
  // Of 2^32 homes at most: the tag alone says where a cell belongs.
  [[nodiscard]] std::size_t home(std::uint64_t hash) const { return tag_of(hash) >> shift_; }
  [[nodiscard]] std::size_t home_of(const Cell& cell) const { return cell.tag >> shift_; }
  [[nodiscard]] std::size_t next(std::size_t at) const { return (at + 1) & (cells_.size() - 1); }
  void put(Cell cell);
  void grow();

  std::vector<Cell> cells_;  // a power of two
  std::size_t used_ = 0;
  unsigned shift_ = 32;  // of the tag, to its home
};

}  // namespace macula::sim
