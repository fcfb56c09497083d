// Which contact was the first of its kind: an index from a hash to the contact that came with it
// first.
//
//   ContactRef& first = seen.find(hash, same_kind);
//   if (first == kNoContact) first = contact;       // it is the first
//
// Open addressing, a power of two long; nothing is ever taken out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dht/contact/contact_ref.h"

namespace macula::dht {

class FirstSeen {
 public:
  // Room for so many without growing, where it is still empty.
  void reserve(std::size_t count) {
    std::size_t slots = 16;
    while (slots < 2 * (count + 1)) slots *= 2;
    if (used_ == 0) slots_.assign(slots, kNoContact);
  }

  // The slot of the kind. `hash_of(contact)` is asked where the index grows.
  template <typename Same, typename HashOf>
  [[nodiscard]] ContactRef& find(std::uint64_t hash, Same same, HashOf hash_of) {
    if (slots_.size() < 2 * (used_ + 1)) grow(hash_of);
    ContactRef& slot = slots_[place(hash, same)];
    if (slot == kNoContact) ++used_;  // who asks puts it in
    return slot;
  }

 private:
  template <typename Same>
  [[nodiscard]] std::size_t place(std::uint64_t hash, Same same) const {
    std::size_t place = hash & (slots_.size() - 1);
    while (slots_[place] != kNoContact && !same(slots_[place])) {
      place = (place + 1) & (slots_.size() - 1);
    }
    return place;
  }

  template <typename HashOf>
  void grow(HashOf hash_of) {
    std::vector<ContactRef> former;
    former.swap(slots_);
    slots_.assign(former.empty() ? 16 : 2 * former.size(), kNoContact);
    for (const ContactRef contact : former) {
      if (contact == kNoContact) continue;
      slots_[place(hash_of(contact), [](ContactRef) { return false; })] = contact;
    }
  }

  std::vector<ContactRef> slots_;
  std::size_t used_ = 0;
};

}  // namespace macula::dht
