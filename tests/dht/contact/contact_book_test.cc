#include "dht/contact/contact_book.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <ctime>
#include <optional>
#include <string>
#include <vector>

#include "dht/contact/contact_marks.h"
#include "tests/dht/contacts.h"
#include "tests/dht/cpu_time.h"

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

// ----- what is given back -----

TEST(ContactBook, OfMoreContactsThanItHoldsThoseInHandStayAndNewOnesEnter) {
  constexpr std::size_t kLimit = std::size_t{1} << 17;
  ContactBook book(kLimit);
  const ContactRef mine = intern(book, hash_id("mine"));
  const ContactRef behind =
      *book.intern({hash_id("behind"), numbered_endpoint(1), hash_id("gateway")});
  for (std::uint64_t i = 0; i <= std::uint64_t{1} << 20; ++i) {
    NodeId named = numbered_id(i);
    named.words[0] = i * 0x9e3779b97f4a7c15ULL;
    ASSERT_TRUE(intern(book, named) != kNoContact);
    if (!book.crowded()) continue;
    ContactMarks marks(book);
    marks.keep(mine);
    marks.keep(behind);
    marks.keep(kNoContact);
    book.keep_only(marks);
    ASSERT_EQ(book.size(), 2U);
  }
  EXPECT_EQ(book.id(mine), hash_id("mine"));
  EXPECT_EQ(book.contact(behind).relay, hash_id("gateway"));
  EXPECT_EQ(intern(book, hash_id("mine")), mine);
  EXPECT_TRUE(book.intern({hash_id("new"), numbered_endpoint(7), std::nullopt}).has_value());
}

// Others name one node at as many addresses as they like: each new one takes no longer for that.
TEST(ContactBook, ManyNamesOfOneNodeTakeNoLonger) {
  const auto time_of = [](bool one_node) {
    ContactBook book;
    const double begin = cpu_us();
    for (std::uint32_t i = 0; i < 20'000; ++i) {
      const NodeId id{{1, 2, 3, one_node ? 4 : std::uint64_t{i} * 0x9e3779b97f4a7c15}};
      const Endpoint endpoint = make_ipv4(0x0a000000 + i, 4433);
      EXPECT_TRUE(book.intern({id, endpoint, std::nullopt}));
    }
    EXPECT_EQ(book.size(), 20'000U);
    return cpu_us() - begin;
  };
  const double of_many = time_of(false);
  EXPECT_LE(time_of(true), 5 * of_many);
}

// A book that gives back what is not kept knows of the rest what a book knows that never heard of
// the others.
RC_GTEST_PROP(ContactBookProperty, NothingIsLeftOfThoseThatAreGivenBack, ()) {
  ContactBook book;
  ContactBook other;
  std::vector<ContactRef> kept;
  const int rounds = *rc::gen::inRange(1, 4);
  for (int round = 0; round < rounds; ++round) {
    for (const Contact& contact : any_contacts()) {
      const ContactRef ref = *book.intern(contact);
      if (*rc::gen::arbitrary<bool>()) kept.push_back(ref);
    }
    ContactMarks marks(book);
    marks.keep_all(kept);
    book.keep_only(marks);
  }
  for (const ContactRef ref : kept) RC_ASSERT(other.intern(book.contact(ref)).has_value());
  RC_ASSERT(book.size() == other.size());
  RC_ASSERT(book.shares_subnets() == other.shares_subnets());
  for (const ContactRef ref : kept) {
    const Contact contact = book.contact(ref);
    const ContactRef same = *other.find(contact);
    RC_ASSERT(book.find(contact) == std::optional(ref));
    RC_ASSERT(book.has_alias(ref) == other.has_alias(same));
    RC_ASSERT(book.shares_endpoint(ref) == other.shares_endpoint(same));
    RC_ASSERT(book.fingerprint(ref) == other.fingerprint(same));
    RC_ASSERT(book.wire_size(ref) == other.wire_size(same));
    RC_ASSERT(book.is_relayed(ref) == other.is_relayed(same));
  }
}

// ----- ids that were chosen for it -----

double seconds_to_intern(const std::vector<NodeId>& ids) {
  double least = 1e9;
  for (int round = 0; round < 3; ++round) {
    ContactBook book;
    const std::clock_t begin = std::clock();
    for (const NodeId& id : ids) {
      static_cast<void>(book.intern({id, numbered_endpoint(1), std::nullopt}));
    }
    least = std::min(least, static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
  }
  return least;
}

// A word at which the product of `mix` is nothing, whatever came before: all such ids had one hash.
TEST(ContactBook, ChosenIdsCostWhatOthersDo) {
  std::vector<NodeId> random;
  std::vector<NodeId> chosen;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    random.push_back(hash_id(std::to_string(i)));
    chosen.push_back(random.back());
    chosen.back().words[3] = 0x8bb84b93962eacc9ULL;
  }
  EXPECT_LT(seconds_to_intern(chosen), 2 * seconds_to_intern(random) + 0.05);
}

}  // namespace
}  // namespace macula::dht
