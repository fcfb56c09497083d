// From a number to a handle, in one block of memory: no allocation per entry.
//
//   FlatIndex streams;
//   streams.set(stream, handle);
//   streams.get(stream);     // kNoHandle where there is none
//   streams.erase(stream);
//
// Numbers are hashed: a peer that chooses them gains nothing from choosing neighbours. The numbers
// are kept here, since whatever has the handle may not know its own.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "base/handle.h"
#include "base/hash.h"
#include "base/open_table.h"

namespace macula::dht::quic::host {

struct FlatEntry {
  std::uint64_t key = 0;
  Handle value = kNoHandle;
  friend bool operator==(const FlatEntry&, const FlatEntry&) = default;
};

class FlatIndex {
 public:
  [[nodiscard]] Handle get(std::uint64_t key) const {
    const std::size_t at = find(key);
    return at != entries_.kNone ? entries_[at].value : kNoHandle;
  }
  // `value` is not kNoHandle.
  void set(std::uint64_t key, Handle value) {
    MACULA_CHECK(value != kNoHandle);
    if (const std::size_t at = find(key); at != entries_.kNone) {
      entries_[at].value = value;
    } else {
      entries_.put(hash(key), {key, value}, hash_of);
    }
  }
  void erase(std::uint64_t key) {
    if (const std::size_t at = find(key); at != entries_.kNone) entries_.erase(at, hash_of);
  }

  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  static constexpr std::size_t kFirstEntries = 8;

  static std::uint64_t hash(std::uint64_t key) { return mix(key, 0); }
  static std::uint64_t hash_of(const FlatEntry& entry) { return hash(entry.key); }
  [[nodiscard]] std::size_t find(std::uint64_t key) const {
    return entries_.find(hash(key), [key](const FlatEntry& entry) { return entry.key == key; });
  }

  OpenTable<FlatEntry, FlatEntry{}, kFirstEntries> entries_;
};

}  // namespace macula::dht::quic::host
