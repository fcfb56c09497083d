#include "dht/contact_book.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/dht/contacts.h"

namespace macula::dht {
namespace {

// Few ids, addresses and gateways, so that contacts share them.
Contact any_contact() {
  Contact contact{numbered_id(*rc::gen::inRange<std::uint64_t>(0, 6)),
                  numbered_endpoint(*rc::gen::inRange<std::uint64_t>(0, 3)), std::nullopt};
  if (*rc::gen::arbitrary<bool>()) {
    contact.relay = numbered_id(*rc::gen::inRange<std::uint64_t>(0, 3));
  }
  return contact;
}

std::vector<Contact> any_contacts() {
  std::vector<Contact> contacts(*rc::gen::inRange<std::size_t>(0, 60));
  for (Contact& contact : contacts) contact = any_contact();
  return contacts;
}

TEST(ContactBook, NamesEachContactOnce) {
  ContactBook book;
  const Contact direct{numbered_id(1), numbered_endpoint(1), std::nullopt};
  const Contact moved{numbered_id(1), numbered_endpoint(2), std::nullopt};
  const Contact relayed{numbered_id(1), numbered_endpoint(1), numbered_id(9)};
  EXPECT_FALSE(book.find(direct).has_value());
  const ContactRef a = *book.intern(direct);
  const ContactRef b = *book.intern(moved);
  const ContactRef c = *book.intern(relayed);
  EXPECT_NE(a, b);
  EXPECT_NE(a, c);
  EXPECT_EQ(book.intern(direct), a);
  EXPECT_EQ(book.size(), 3U);
  EXPECT_EQ(book.contact(c), relayed);
  EXPECT_TRUE(book.is_relayed(c));
  EXPECT_FALSE(book.is_relayed(a));
  EXPECT_EQ(book.endpoint(b), moved.endpoint);
}

TEST(ContactBook, AFullBookKnowsWhatItKnew) {
  ContactBook book(3);
  for (std::uint64_t i = 0; i < 3; ++i) intern(book, numbered_id(i));
  const Contact known = book.contact(ContactRef{1});
  EXPECT_FALSE(book.intern({numbered_id(7), numbered_endpoint(7), std::nullopt}).has_value());
  EXPECT_FALSE(book.find({numbered_id(7), numbered_endpoint(7), std::nullopt}).has_value());
  EXPECT_EQ(book.intern(known), ContactRef{1});
  EXPECT_EQ(book.size(), 3U);
}

TEST(ContactBook, ManyContactsAreAllFoundAgain) {
  ContactBook book;
  std::vector<ContactRef> refs;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    if (i == 5'000) book.reserve(9'000);
    refs.push_back(intern(book, numbered_id(i)));
  }
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    ASSERT_EQ(intern(book, numbered_id(i)), refs[i]);
    ASSERT_EQ(book.id(refs[i]), numbered_id(i));
    ASSERT_FALSE(book.has_alias(refs[i]));
  }
}

TEST(ContactBook, FingerprintTellsContactsApart) {
  ContactBook book;
  std::vector<std::uint64_t> prints;
  for (std::uint64_t id = 0; id < 4; ++id) {
    for (std::uint64_t address = 0; address < 4; ++address) {
      for (std::uint64_t relay = 0; relay < 4; ++relay) {
        Contact contact{numbered_id(id), numbered_endpoint(address), std::nullopt};
        if (relay > 0) contact.relay = numbered_id(relay);
        prints.push_back(book.fingerprint(*book.intern(contact)));
      }
    }
  }
  std::sort(prints.begin(), prints.end());
  EXPECT_EQ(std::adjacent_find(prints.begin(), prints.end()), prints.end());
}

RC_GTEST_PROP(ContactBookProperty, KeepsContactsAsGiven, ()) {
  ContactBook book;
  std::vector<Contact> distinct;
  for (const Contact& contact : any_contacts()) {
    const bool known = std::find(distinct.begin(), distinct.end(), contact) != distinct.end();
    RC_ASSERT(book.find(contact).has_value() == known);
    if (!known) distinct.push_back(contact);
    const auto ref = book.intern(contact);
    RC_ASSERT(ref.has_value());
    RC_ASSERT(book.contact(*ref) == contact);
    RC_ASSERT(book.find(contact) == ref);
    RC_ASSERT(book.id(*ref) == contact.id);
    RC_ASSERT(book.prefix(*ref) == contact.id.words[0]);
  }
  RC_ASSERT(book.size() == distinct.size());
}

RC_GTEST_PROP(ContactBookProperty, AliasesAreOthersOfTheSameId, ()) {
  ContactBook book;
  for (const Contact& contact : any_contacts()) static_cast<void>(book.intern(contact));
  for (std::uint32_t i = 0; i < book.size(); ++i) {
    bool expected = false;
    for (std::uint32_t j = 0; j < book.size(); ++j) {
      if (i != j && book.id(ContactRef{i}) == book.id(ContactRef{j})) expected = true;
    }
    RC_ASSERT(book.has_alias(ContactRef{i}) == expected);
  }
}

RC_GTEST_PROP(ContactBookProperty, FingerprintDoesNotDependOnTheOrderOfInterning, ()) {
  const std::vector<Contact> contacts = any_contacts();
  ContactBook forward;
  ContactBook backward;
  for (const Contact& contact : contacts) static_cast<void>(forward.intern(contact));
  for (auto contact = contacts.rbegin(); contact != contacts.rend(); ++contact) {
    static_cast<void>(backward.intern(*contact));
  }
  for (const Contact& contact : contacts) {
    RC_ASSERT(forward.fingerprint(*forward.find(contact)) ==
              backward.fingerprint(*backward.find(contact)));
  }
}

}  // namespace
}  // namespace macula::dht
