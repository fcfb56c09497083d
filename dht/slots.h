// A small pool of things under way, each named by a slot number that fits a token.
//
//   std::size_t slot = calls.add(std::move(call));
//   calls[slot].attempts++;
//   Call done = calls.take(slot);
//
// The lowest free slot is reused. Meant for what is rarely many: the operations of one node.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "base/check.h"

namespace macula::dht {

template <typename T>
class Slots {
 public:
  [[nodiscard]] std::size_t add(T item) {
    ++live_;
    for (std::size_t slot = free_hint_; slot < items_.size(); ++slot) {
      if (items_[slot] == nullptr) {
        items_[slot] = std::make_unique<T>(std::move(item));
        free_hint_ = slot + 1;
        return slot;
      }
    }
    items_.push_back(std::make_unique<T>(std::move(item)));
    free_hint_ = items_.size();
    return items_.size() - 1;
  }

  // Takes the item out and frees its slot.
  [[nodiscard]] T take(std::size_t slot) {
    MACULA_CHECK(holds(slot));
    T item = std::move(*items_[slot]);
    items_[slot].reset();
    if (slot < free_hint_) free_hint_ = slot;
    --live_;
    return item;
  }

  // Items keep their address until taken.
  [[nodiscard]] T& operator[](std::size_t slot) {
    MACULA_CHECK(holds(slot));
    return *items_[slot];
  }
  [[nodiscard]] bool holds(std::size_t slot) const {
    return slot < items_.size() && items_[slot] != nullptr;
  }
  [[nodiscard]] std::size_t size() const { return live_; }

  template <typename Visit>
  void for_each(Visit visit) const {
    for (const auto& item : items_) {
      if (item != nullptr) visit(*item);
    }
  }

 private:
  std::vector<std::unique_ptr<T>> items_;
  std::size_t free_hint_ = 0;  // no free slot lies before it
  std::size_t live_ = 0;
};

}  // namespace macula::dht
