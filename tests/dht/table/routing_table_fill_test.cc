#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

#include "dht/table/routing_table.h"
#include "tests/dht/contacts.h"

namespace macula::dht {
namespace {

// Some lie in one subnet, some share an endpoint, some have two.
RC_GTEST_PROP(RoutingTableProperty, ToFillItIsToObserveEach, ()) {
  ContactBook book;
  std::vector<ContactRef> contacts;
  const bool plain = *rc::gen::arbitrary<bool>();
  const bool by_bucket = *rc::gen::inRange(0, 4) > 0;
  const auto count = *rc::gen::inRange<std::uint64_t>(0, 60);
  for (std::uint64_t i = 0; i < count; ++i) {
    const NodeId id = plain ? id_in_bucket(kSelf, *rc::gen::inRange(0, 8) * 10, i)
                            : id_in_bucket(kSelf, *rc::gen::inRange(0, 12) * 21,
                                           *rc::gen::inRange<std::uint64_t>(0, 8));
    const std::uint64_t number = plain ? i : *rc::gen::inRange<std::uint64_t>(0, 40);
    const auto contact = *book.intern({id, numbered_endpoint(number), std::nullopt});
    if (std::find(contacts.begin(), contacts.end(), contact) == contacts.end()) {
      contacts.push_back(contact);
    }
  }
  const auto bucket = [&](ContactRef one) { return bucket_index(kSelf, book.id(one)); };
  if (by_bucket) {
    std::stable_sort(contacts.begin(), contacts.end(),
                     [&](ContactRef a, ContactRef b) { return bucket(a) < bucket(b); });
  }
  TableRules rules;
  rules.bucket_size = *rc::gen::inRange<std::size_t>(1, 6);
  rules.evict = *rc::gen::arbitrary<bool>();
  rules.subnet_limit = 2;
  const auto before = std::min<std::size_t>(contacts.size(), *rc::gen::inRange<std::size_t>(0, 3));
  const Time now = kTimeZero + std::chrono::minutes(7);
  RoutingTable filled(book, kSelf, rules);
  RoutingTable observed(book, kSelf, rules);
  for (std::size_t i = 0; i < before; ++i) {
    for (RoutingTable* table : {&filled, &observed}) table->observe(contacts[i], now);
  }
  filled.fill({contacts.begin() + static_cast<std::ptrdiff_t>(before), contacts.end()}, now);
  for (std::size_t i = before; i < contacts.size(); ++i) observed.observe(contacts[i], now);
  RC_ASSERT(filled.entries() == observed.entries());
  RC_ASSERT(filled.bucket_count() == observed.bucket_count());
  RC_ASSERT(filled.next_questionable(now) == observed.next_questionable(now));
  RC_ASSERT(!filled.violation());
  // The spares are the same, too: they take the places of those who fail.
  for (const ContactRef contact : observed.entries()) {
    for (RoutingTable* table : {&filled, &observed}) {
      static_cast<void>(table->fail(contact, now));
      static_cast<void>(table->fail(contact, now));
    }
  }
  RC_ASSERT(filled.entries() == observed.entries());
}

}  // namespace
}  // namespace macula::dht
