// A list through the items themselves: no allocation, and an item leaves it without a search.
//
//   struct Outbound { Link<Outbound> link; };
//   Chain<Outbound, &Outbound::link> waiting;
//   waiting.push_back(outbound);
//   for (Outbound* each = waiting.front(); each != nullptr; each = waiting.next(*each)) ...
//
// An item is in one chain at most through the same link, and keeps its address while it is.
#pragma once

#include <cstddef>

#include "base/check.h"

namespace macula::dht::quic::host {

template <typename T>
struct Link {
  T* previous = nullptr;
  T* next = nullptr;
};

template <typename T, Link<T> T::*link>
class Chain {
 public:
  void push_back(T& item) {
    (item.*link).previous = back_;
    (item.*link).next = nullptr;
    (back_ == nullptr ? front_ : (back_->*link).next) = &item;
    back_ = &item;
    ++size_;
  }

  void remove(T& item) {
    MACULA_CHECK(size_ > 0);
    T* const previous = (item.*link).previous;
    T* const next = (item.*link).next;
    (previous == nullptr ? front_ : (previous->*link).next) = next;
    (next == nullptr ? back_ : (next->*link).previous) = previous;
    item.*link = {};
    --size_;
  }

  [[nodiscard]] T* front() const { return front_; }
  [[nodiscard]] T* next(const T& item) const { return (item.*link).next; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  T* front_ = nullptr;
  T* back_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace macula::dht::quic::host
