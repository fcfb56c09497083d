// Where each bucket of a routing table begins among its entries: one number more than buckets.
//
// Tables are rarely deeper than 22 buckets, up to some millions of nodes: so many numbers lie in
// place, next to the rest of the table, and only deeper ones go to the heap.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace macula::dht {

class BucketStarts {
 public:
  // At most 256 buckets.
  void push_back(std::uint16_t start) {
    if (count_ == near_.size() && far_ == nullptr) {
      far_ = std::make_unique<std::array<std::uint16_t, kMost>>();
      for (std::size_t i = 0; i < count_; ++i) (*far_)[i] = near_[i];
    }
    (*this)[count_++] = start;
  }

  [[nodiscard]] std::uint16_t& operator[](std::size_t i) { return far_ ? (*far_)[i] : near_[i]; }
  [[nodiscard]] std::uint16_t operator[](std::size_t i) const {
    return far_ ? (*far_)[i] : near_[i];
  }
  [[nodiscard]] std::uint16_t back() const { return (*this)[count_ - 1U]; }
  [[nodiscard]] std::size_t size() const { return count_; }

 private:
  static constexpr std::size_t kMost = 257;

  std::unique_ptr<std::array<std::uint16_t, kMost>> far_;
  std::uint16_t count_ = 1;
  std::array<std::uint16_t, 23> near_{};
};

}  // namespace macula::dht
