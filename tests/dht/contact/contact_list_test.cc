#include "dht/contact/contact_list.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "tests/dht/contacts.h"

namespace macula::dht {
namespace {

std::vector<ContactRef> content(const ContactList& list) {
  return {list.begin(), list.end()};
}

std::vector<ContactRef> any_refs() {
  std::vector<ContactRef> refs(*rc::gen::inRange<std::size_t>(0, 100));
  for (ContactRef& ref : refs) ref = ContactRef{*rc::gen::arbitrary<std::uint32_t>()};
  return refs;
}

// In place, at the border, and on the heap, grown once and twice.
TEST(ContactList, HoldsWhatWasPutIn) {
  for (const std::uint32_t size : {0U, 1U, 19U, 20U, 21U, 40U, 41U, 1000U}) {
    ContactList list;
    for (std::uint32_t i = 0; i < size; ++i) list.push_back(ContactRef{i});
    ASSERT_EQ(list.size(), size);
    ASSERT_EQ(list.empty(), size == 0);
    for (std::uint32_t i = 0; i < size; ++i) ASSERT_EQ(list[i], ContactRef{i});
  }
}

RC_GTEST_PROP(ContactListProperty, MovingTakesEverythingAlong, ()) {
  const std::vector<ContactRef> first = any_refs();
  const std::vector<ContactRef> second = any_refs();
  ContactList list = list_of(first);
  ContactList moved(std::move(list));
  RC_ASSERT(content(moved) == first);
  list = list_of(second);  // a moved-from list is empty and can be used again
  RC_ASSERT(content(list) == second);
  moved = std::move(list);
  RC_ASSERT(content(moved) == second);
  moved.push_back(ContactRef{1});
  RC_ASSERT(moved.size() == second.size() + 1);
  moved.clear();
  RC_ASSERT(moved.empty());
  for (const ContactRef ref : first) moved.push_back(ref);
  RC_ASSERT(content(moved) == first);
}

}  // namespace
}  // namespace macula::dht
