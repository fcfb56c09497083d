// From a number to a handle, in one block of memory: no allocation per entry.
//
//   FlatIndex streams;
//   streams.set(stream, handle);
//   streams.get(stream);     // kNoHandle where there is none
//   streams.erase(stream);
//
// Open addressing with linear probing; erasing moves later entries back, so that nothing is left
// behind. Numbers are hashed: a peer that chooses them gains nothing from choosing neighbours.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dht/quic/host/handle_pool.h"

namespace macula::dht::quic::host {

class FlatIndex {
 public:
  [[nodiscard]] Handle get(std::uint64_t key) const;
  // `value` is not kNoHandle.
  void set(std::uint64_t key, Handle value);
  void erase(std::uint64_t key);

  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  struct Entry {
    std::uint64_t key = 0;
    Handle value = kNoHandle;  // kNoHandle: the place is free
  };

  [[nodiscard]] std::size_t home(std::uint64_t key) const;
  // The place of `key`, or the free one where it belongs.
  [[nodiscard]] std::size_t place(std::uint64_t key) const;
  void grow();

  std::vector<Entry> entries_;  // a power of two of them, or none
  std::size_t size_ = 0;
};

}  // namespace macula::dht::quic::host
