// A short list of contacts inside a message: up to 20 lie in place, more go to the heap.
//
// Kademlia's usual k is 20, so that a reply of the simulator's hot path allocates nothing.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>

#include "dht/contact/contact_book.h"

namespace macula::dht {

class ContactList {
 public:
  static constexpr std::uint32_t kInPlace = 20;

  ContactList() = default;
  ContactList(ContactList&& other) noexcept
      : size_(other.size_), heap_capacity_(other.heap_capacity_), heap_(std::move(other.heap_)) {
    take_in_place(other);
  }
  ContactList& operator=(ContactList&& other) noexcept {
    if (this != &other) {
      size_ = other.size_;
      heap_capacity_ = other.heap_capacity_;
      heap_ = std::move(other.heap_);
      take_in_place(other);
    }
    return *this;
  }

  void push_back(ContactRef ref) {
    const std::uint32_t capacity = heap_ ? heap_capacity_ : kInPlace;
    if (size_ == capacity) grow(capacity * 2);
    data()[size_++] = ref;
  }
  void append(const ContactRef* first, std::size_t count) {
    const auto wanted = static_cast<std::uint32_t>(size_ + count);
    const std::uint32_t capacity = heap_ ? heap_capacity_ : kInPlace;
    if (wanted > capacity) grow(std::max(capacity * 2, wanted));
    std::copy_n(first, count, data() + size_);
    size_ = wanted;
  }
  void clear() {
    size_ = 0;
    heap_capacity_ = 0;
    heap_.reset();
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] const ContactRef* begin() const { return heap_ ? heap_.get() : in_place_.data(); }
  [[nodiscard]] const ContactRef* end() const { return begin() + size_; }
  [[nodiscard]] ContactRef operator[](std::size_t i) const { return begin()[i]; }
  [[nodiscard]] ContactRef* data() { return heap_ ? heap_.get() : in_place_.data(); }

 private:
  // All of it, which is shorter than to look how much there is.
  void take_in_place(ContactList& other) {
    if (!heap_) std::memcpy(&in_place_, &other.in_place_, sizeof in_place_);
    other.clear();
  }
  void grow(std::uint32_t capacity) {
    auto bigger = std::make_unique<ContactRef[]>(capacity);
    std::copy_n(begin(), size_, bigger.get());
    heap_ = std::move(bigger);
    heap_capacity_ = capacity;
  }

  std::uint32_t size_ = 0;
  std::uint32_t heap_capacity_ = 0;
  std::unique_ptr<ContactRef[]> heap_;
  std::array<ContactRef, kInPlace> in_place_;
};

}  // namespace macula::dht
