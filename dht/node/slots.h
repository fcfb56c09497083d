// A small pool of things under way, each named by a slot number that fits a token.
//
//   std::size_t slot = calls.add(std::move(call));
//   calls[slot].attempts++;
//   auto done = calls.take(slot);
//
// The slot freed last is reused first. Meant for what is rarely many: the operations of one node.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "base/check.h"

namespace macula::dht {

template <typename T>
class Slots {
 public:
  [[nodiscard]] std::size_t add(T item) {
    auto owned = std::make_unique<T>(std::move(item));
    if (free_.empty()) {
      items_.push_back(std::move(owned));
      return items_.size() - 1;
    }
    const std::size_t slot = free_.back();
    free_.pop_back();
    items_[slot] = std::move(owned);
    return slot;
  }

  // Takes the item out and frees its slot.
  [[nodiscard]] T take(std::size_t slot) {
    MACULA_CHECK(holds(slot));
    T item = std::move(*items_[slot]);
    items_[slot].reset();
    free_.push_back(static_cast<std::uint32_t>(slot));
    return item;
  }

  // Items keep their address until taken.
  [[nodiscard]] T& operator[](std::size_t slot) {
    MACULA_CHECK(holds(slot));
    return *items_[slot];
  }
  [[nodiscard]] const T& operator[](std::size_t slot) const {
    MACULA_CHECK(holds(slot));
    return *items_[slot];
  }
  [[nodiscard]] bool holds(std::size_t slot) const {
    return slot < items_.size() && items_[slot] != nullptr;
  }
  [[nodiscard]] std::size_t size() const { return items_.size() - free_.size(); }

  template <typename Visit>
  void for_each(Visit visit) const {
    for (const auto& item : items_) {
      if (item != nullptr) visit(*item);
    }
  }
  // Visits slots in order; the visit may take its item.
  template <typename Visit>
  void for_each_slot(Visit visit) {
    for (std::size_t slot = 0; slot < items_.size(); ++slot) {
      if (items_[slot] != nullptr) visit(slot);
    }
  }

 private:
  std::vector<std::unique_ptr<T>> items_;
  std::vector<std::uint32_t> free_;
};

}  // namespace macula::dht
