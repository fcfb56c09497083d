// Contacts and ids for the tests of the protocol.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "base/hash.h"
#include "dht/contact/contact_book.h"
#include "dht/contact/contact_list.h"

namespace macula::dht {

inline const NodeId kSelf = hash_id("self");

// An id that shares exactly its first `bucket` bits with `self`; `tail` chooses among those.
inline NodeId id_in_bucket(const NodeId& self, int bucket, std::uint64_t tail) {
  NodeId id;
  for (std::size_t i = 0; i < id.words.size(); ++i) id.words[i] = mix(tail, i);
  for (int i = 0; i < bucket; ++i) {
    if (bit(id, i) != bit(self, i)) id = flip_bit(id, i);
  }
  if (bucket < NodeId::kBits && bit(id, bucket) == bit(self, bucket)) id = flip_bit(id, bucket);
  return id;
}

// The number as the last bits of an id: 1, 2, 3 lie in this order of distance from number 0.
inline NodeId numbered_id(std::uint64_t number) {
  return {{0, 0, 0, number}};
}

inline Endpoint numbered_endpoint(std::uint64_t number) {
  return make_ipv4(0x0a000000U + static_cast<std::uint32_t>(number), 9443);
}

// Interns a contact that is reached directly, at an address that follows from its id.
inline ContactRef intern(ContactBook& book, const NodeId& id) {
  return *book.intern({id, numbered_endpoint(id.words[3] & 0xffff), std::nullopt});
}

inline ContactList list_of(const std::vector<ContactRef>& contacts) {
  ContactList list;
  for (const ContactRef contact : contacts) list.push_back(contact);
  return list;
}

// The k of `contacts` closest to `target`, nearest first, found by sorting them all.
inline std::vector<ContactRef> closest_by_sorting(const ContactBook& book,
                                                  std::vector<ContactRef> contacts,
                                                  const NodeId& target, std::size_t k) {
  std::sort(contacts.begin(), contacts.end(),
            [&](ContactRef a, ContactRef b) { return book.closer(a, b, target); });
  contacts.resize(std::min(k, contacts.size()));
  return contacts;
}

}  // namespace macula::dht
