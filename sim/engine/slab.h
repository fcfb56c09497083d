// Numbered items that come and go: a 32-bit index and an address, both stable while the item lives.
//
//   struct Delivery { std::size_t size; };
//   Slab<Delivery> deliveries;
//   std::uint32_t index = deliveries.allocate(Delivery{100});
//   std::uint32_t ticket = deliveries.generation(index);
//   deliveries[index].size;
//   deliveries.release(index);
//   deliveries.generation(index) != ticket;  // true from now on: the handle is stale
//
// Items live in chunks of 1024 that never move, so an access is a shift, a mask and two loads, and
// no item is allocated by itself. The index released last is given out first: it is still in cache.
// Indices are given out in the same order in every run.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/handle.h"
#include "sim/engine/page_arena.h"

namespace macula::sim {

template <typename T>
class Slab {
 public:
  Slab() = default;
  Slab(const Slab&) = delete;
  Slab& operator=(const Slab&) = delete;
  ~Slab() {
    if constexpr (!std::is_trivially_destructible_v<T>) {
      for (std::uint32_t index = 0; index < used_; ++index) {
        std::destroy_at(&entry(index));
      }
    }
  }

  // The index of a new item, as T{} makes it. At most 2^32 - 1 items live at once.
  std::uint32_t allocate() {
    if (free_.empty()) return allocate_unused(T{});
    const std::uint32_t index = free_.back();
    free_.pop_back();
    Entry& place = entry(index);
    // release() has reset what owns something.
    if constexpr (std::is_trivially_destructible_v<T>) place.item = T{};
    ++place.generation;
    return index;
  }
  // The index of a new item, moved from `item`.
  std::uint32_t allocate(T item) {
    if (free_.empty()) return allocate_unused(std::move(item));
    const std::uint32_t index = free_.back();
    free_.pop_back();
    Entry& place = entry(index);
    place.item = std::move(item);
    ++place.generation;
    return index;
  }

  // Ends the life of an item; what it owned is freed at once. Releasing one twice is a bug.
  void release(std::uint32_t index) {
    MACULA_CHECK(live(index));
    Entry& place = entry(index);
    ++place.generation;
    if constexpr (!std::is_trivially_destructible_v<T>) {
      std::destroy_at(&place.item);
      new (&place.item) T{};
    }
    free_.push_back(index);
  }

  // A living item. Not checked: this is the hot path.
  [[nodiscard]] T& operator[](std::uint32_t index) { return entry(index).item; }
  [[nodiscard]] const T& operator[](std::uint32_t index) const { return entry(index).item; }

  // Differs between any two items that had the same index (until 2^31 of them had). Any index that
  // was ever given out may be asked for.
  [[nodiscard]] std::uint32_t generation(std::uint32_t index) const {
    return entry(index).generation;
  }
  [[nodiscard]] bool live(std::uint32_t index) const {
    return index < used_ && (entry(index).generation & 1) != 0;
  }

  [[nodiscard]] Handle handle(std::uint32_t index) const {
    return make_handle(index, generation(index));
  }
  // Whether the item of a handle has ended.
  [[nodiscard]] bool is_stale(Handle handle) const {
    return !live(slot_of(handle)) || generation(slot_of(handle)) != generation_of(handle);
  }

  // Starts loading an item that will be wanted some hundred nanoseconds from now.
  void prefetch(std::uint32_t index) const { __builtin_prefetch(&entry(index)); }

  // Items alive; and the most that ever were, which is also the end of all indices given out.
  [[nodiscard]] std::size_t size() const { return used_ - free_.size(); }
  [[nodiscard]] std::size_t capacity() const { return used_; }

 private:
  // Side by side, so that telling a stale handle costs no second visit to memory.
  struct Entry {
    T item;
    std::uint32_t generation;  // odd while the item lives
  };
  static_assert(alignof(Entry) <= PageArena::kAlignment);

  static constexpr std::uint32_t kChunkBits = 10;
  static constexpr std::uint32_t kChunkItems = 1U << kChunkBits;

  [[nodiscard]] Entry& entry(std::uint32_t index) const {
    return chunks_[index >> kChunkBits][index & (kChunkItems - 1)];
  }

  std::uint32_t allocate_unused(T item) {
    MACULA_CHECK(used_ < std::numeric_limits<std::uint32_t>::max());
    if ((used_ & (kChunkItems - 1)) == 0) {
      chunks_.push_back(static_cast<Entry*>(arena_.take(sizeof(Entry) * kChunkItems)));
    }
    new (&entry(used_)) Entry{std::move(item), 1};
    return used_++;
  }

  PageArena arena_;
  std::vector<Entry*> chunks_;
  std::vector<std::uint32_t> free_;
  std::uint32_t used_ = 0;
};

}  // namespace macula::sim
