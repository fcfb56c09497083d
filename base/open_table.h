// The places of a hash table in one block of memory: what every index here is made of. It knows
// neither keys nor their hashes: whoever keeps them says both.
//
//   OpenTable<std::uint32_t, 0> table;                     // 0 stands for a free place
//   const auto hash = [](std::uint32_t place) { return std::uint64_t{place} << 7; };
//   table.put(hash(5), 5, hash);
//   std::size_t at = table.find(hash(5), [](std::uint32_t place) { return place == 5; });
//   if (at != table.kNone) table.erase(at, hash);
//
// Open addressing with linear probing. To erase moves later ones back, so that nothing is left
// behind. Looked up by hash only: where a place lies shows in nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/check.h"

namespace macula {

// `kFirst`: how many places a table begins with, a power of two.
template <typename Place, Place kFree, std::size_t kFirst = 16>
class OpenTable {
 public:
  static constexpr std::size_t kNone = ~std::size_t{0};

  [[nodiscard]] std::size_t size() const { return used_; }
  // Where the first place of this hash is that `is` the one; kNone: there is none.
  template <typename Is>
  [[nodiscard]] std::size_t find(std::uint64_t hash, Is is) const {
    if (places_.empty()) return kNone;
    for (std::size_t at = home(hash); places_[at] != kFree; at = next(at)) {
      if (is(places_[at])) return at;
    }
    return kNone;
  }
  // Valid until the next put or erase.
  [[nodiscard]] const Place& operator[](std::size_t at) const { return places_[at]; }
  // Its hash stays.
  [[nodiscard]] Place& operator[](std::size_t at) { return places_[at]; }
  // Starts loading where that hash is.
  void prefetch(std::uint64_t hash) const {
    if (!places_.empty()) __builtin_prefetch(places_.data() + home(hash));
  }

  // One more, not kFree. `hash_of(place)` is asked of all where the table grows.
  template <typename HashOf>
  void put(std::uint64_t hash, const Place& place, HashOf hash_of) {
    MACULA_CHECK(place != kFree);
    reserve(used_ + 1, hash_of);
    ++used_;
    settle(hash, place);
  }
  template <typename HashOf>
  void erase(std::size_t at, HashOf hash_of) {
    MACULA_CHECK(places_[at] != kFree);
    std::size_t gap = at;
    for (std::size_t i = next(gap); places_[i] != kFree; i = next(i)) {
      // It moves back unless it would come to lie before its home.
      const std::size_t from_home = (i - home(hash_of(places_[i]))) & mask();
      if (from_home < ((i - gap) & mask())) continue;
      places_[gap] = places_[i];
      gap = i;
    }
    places_[gap] = kFree;
    --used_;
  }
  // Room for so many without growing: a quarter is always free.
  template <typename HashOf>
  void reserve(std::size_t count, HashOf hash_of) {
    std::size_t wanted = places_.empty() ? kFirst : places_.size();
    while (4 * count > 3 * wanted) wanted *= 2;
    if (wanted == places_.size()) return;
    const std::vector<Place> former = std::exchange(places_, std::vector<Place>(wanted, kFree));
    for (const Place& place : former) {
      if (place != kFree) settle(hash_of(place), place);
    }
  }
  // Takes all out, and keeps the room.
  void clear() {
    places_.assign(places_.size(), kFree);
    used_ = 0;
  }

 private:
  [[nodiscard]] std::size_t mask() const { return places_.size() - 1; }
  [[nodiscard]] std::size_t home(std::uint64_t hash) const {
    return static_cast<std::size_t>(hash) & mask();
  }
  [[nodiscard]] std::size_t next(std::size_t at) const { return (at + 1) & mask(); }
  void settle(std::uint64_t hash, const Place& place) {
    std::size_t at = home(hash);
    while (places_[at] != kFree) at = next(at);
    places_[at] = place;
  }

  std::vector<Place> places_;  // a power of two of them, or none
  std::size_t used_ = 0;
};

}  // namespace macula
