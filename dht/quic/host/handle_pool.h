// Items that come and go, each at an address that stays while it lives, and named by a handle that
// goes stale when it ends.
//
//   HandlePool<Outbound> outbounds;
//   const Handle handle = outbounds.add();
//   outbounds.find(handle)->size = 7;     // nullptr once the item was removed
//   outbounds.remove(handle);
//
// A handle is never 0. The place of an item is given out again under another handle (the same one
// after 2^31 others).
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/handle.h"

namespace macula::dht::quic::host {

template <typename T>
class HandlePool {
 public:
  Handle add() {
    std::uint32_t index = 0;
    if (free_.empty()) {
      index = static_cast<std::uint32_t>(entries_.size());
      entries_.emplace_back();
    } else {
      index = free_.back();
      free_.pop_back();
    }
    Entry& entry = entries_[index];
    ++entry.generation;
    return make_handle(index, entry.generation);
  }

  [[nodiscard]] T* find(Handle handle) {
    const std::uint32_t index = slot_of(handle);
    if (index >= entries_.size()) return nullptr;
    Entry& entry = entries_[index];
    const bool fresh = live(entry) && entry.generation == generation_of(handle);
    return fresh ? &entry.item : nullptr;
  }

  // All that the item owned is freed at once: it is made anew, for a text that an empty one is
  // assigned to keeps its room.
  void remove(Handle handle) {
    MACULA_CHECK(find(handle) != nullptr);
    const std::uint32_t index = slot_of(handle);
    std::destroy_at(&entries_[index].item);
    std::construct_at(&entries_[index].item);
    ++entries_[index].generation;
    free_.push_back(index);
  }

  [[nodiscard]] std::size_t size() const { return entries_.size() - free_.size(); }

  // Visits in order of place; the visit may remove its item, and no other.
  template <typename Visit>
  void for_each(Visit visit) {
    for (Entry& entry : entries_) {
      if (live(entry)) visit(entry.item);
    }
  }

 private:
  struct Entry {
    T item{};
    std::uint32_t generation = 0;  // odd while the item lives
  };
  static bool live(const Entry& entry) { return (entry.generation & 1) != 0; }

  std::deque<Entry> entries_;
  std::vector<std::uint32_t> free_;
};

}  // namespace macula::dht::quic::host
