// Finds the slot of what belongs to two nodes: a hash table of 8 bytes a place.
//
//   PairIndex index;
//   index.add(key, slot);
//   std::uint32_t found = index.find(key, [&](std::uint32_t other) { return keys[other] == key; });
//
// Keys are not kept here, for there are a million: what is found is held against its key by whoever
// keeps it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "base/hash.h"
#include "base/open_table.h"
#include "sim/net/exchange.h"

namespace macula::sim {

// 32 bits of the key's hash say where it lies, among 2^32 places at most, and most often that it is
// another.
struct PairCell {
  std::uint32_t slot = kNoSlot;
  std::uint32_t tag = 0;
  friend bool operator==(const PairCell&, const PairCell&) = default;
};

class PairIndex {
 public:
  // kNoSlot if there is none. `holds(slot)`: whether that slot is the one of this key.
  template <typename Holds>
  [[nodiscard]] std::uint32_t find(std::uint64_t key, Holds holds) const {
    const std::uint32_t tag = tag_of(key);
    const std::size_t at =
        cells_.find(tag, [&](const PairCell& cell) { return cell.tag == tag && holds(cell.slot); });
    return at != cells_.kNone ? cells_[at].slot : kNoSlot;
  }
  // Starts loading where the key is.
  void prefetch(std::uint64_t key) const { cells_.prefetch(tag_of(key)); }
  // The key is not in it yet.
  void add(std::uint64_t key, std::uint32_t slot) {
    cells_.put(tag_of(key), {slot, tag_of(key)}, hash_of);
  }
  // The key is in it, with this slot.
  void remove(std::uint64_t key, std::uint32_t slot) {
    const std::size_t at =
        cells_.find(tag_of(key), [slot](const PairCell& cell) { return cell.slot == slot; });
    MACULA_CHECK(at != cells_.kNone);
    cells_.erase(at, hash_of);
  }

 private:
  static constexpr std::size_t kFirstCells = 64;

  static std::uint32_t tag_of(std::uint64_t key) {
    return static_cast<std::uint32_t>(mix(key, 0x9e3779b97f4a7c15));
  }
  static std::uint64_t hash_of(const PairCell& cell) { return cell.tag; }

  OpenTable<PairCell, PairCell{}, kFirstCells> cells_;
};

}  // namespace macula::sim
