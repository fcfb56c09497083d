// A lookup that a test plays, on a network of numbers: the target is id 0, so that node 1 is the
// nearest, node 2 the next.
#pragma once

#include <cstdint>
#include <vector>

#include "dht/lookup/lookup.h"
#include "tests/dht/contacts.h"

namespace macula::dht {

struct LookupByHand {
  explicit LookupByHand(const LookupRules& rules, const NodeId& self = hash_id("searcher"))
      : lookup(book, self, NodeId{}, rules) {}

  ContactRef node(std::uint64_t number) { return intern(book, numbered_id(number)); }
  void start(const std::vector<std::uint64_t>& numbers) {
    for (const std::uint64_t number : numbers) lookup.add_start(node(number));
  }
  // The number of the node asked next; 0 for none.
  std::uint64_t next() {
    const auto contact = lookup.next();
    return contact ? book.id(*contact).words[3] : 0;
  }
  void answer(std::uint64_t number, const std::vector<std::uint64_t>& nodes = {}) {
    std::vector<ContactRef> contacts;
    for (const std::uint64_t heard : nodes) contacts.push_back(node(heard));
    lookup.on_answer(node(number), list_of(contacts));
  }
  void fail(std::uint64_t number) { lookup.on_failure(node(number), Failure::timeout); }
  void slow(std::uint64_t number) { lookup.on_slow(node(number)); }
  // The numbers of all that can be asked now.
  std::vector<std::uint64_t> all_next() {
    std::vector<std::uint64_t> numbers;
    while (const std::uint64_t number = next()) numbers.push_back(number);
    return numbers;
  }
  std::vector<std::uint64_t> closest() const {
    std::vector<std::uint64_t> numbers;
    for (const ContactRef ref : lookup.closest()) numbers.push_back(book.id(ref).words[3]);
    return numbers;
  }

  ContactBook book;
  Lookup lookup;
};

using Numbers = std::vector<std::uint64_t>;

}  // namespace macula::dht
