// The contacts of an answer become candidates together as they would one after another.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "dht/lookup/lookup.h"
#include "tests/dht/contacts.h"

namespace macula::dht {
namespace {

using Seen = std::vector<std::pair<ContactRef, Lookup::State>>;

Seen seen(const Lookup& lookup) {
  Seen candidates;
  for (const Lookup::Candidate& each : lookup.candidates()) {
    candidates.emplace_back(each.ref, each.state);
  }
  return candidates;
}

// Near the target 0 and far from it; some at the same first 64 bits, some at two addresses, some
// that nobody can reach, and the node that asks.
std::vector<ContactRef> any_contacts(ContactBook& book, const NodeId& self) {
  std::vector<ContactRef> contacts;
  const auto words = *rc::gen::element<std::uint64_t>(1, 8, 1U << 16);
  for (std::uint64_t number = 1; number <= 120; ++number) {
    const NodeId id{{mix(number, 1) % words, 0, 0, number}};
    contacts.push_back(intern(book, id));
    if (number % 17 == 0) {
      contacts.push_back(*book.intern({id, numbered_endpoint(1000 + number), std::nullopt}));
    }
    if (number % 19 == 0) contacts.push_back(*book.intern({flip_bit(id, 70), {}, std::nullopt}));
  }
  contacts.push_back(intern(book, self));
  return contacts;
}

RC_GTEST_PROP(LookupCandidates, EntersAsOneContactAfterAnother, ()) {
  ContactBook book;
  const NodeId self{{1, 2, 3, 4}};
  const std::vector<ContactRef> contacts = any_contacts(book, self);
  LookupRules rules;
  rules.k = *rc::gen::inRange(1U, 30U);
  rules.stop = *rc::gen::element(StopRule::paper, StopRule::slot);
  Lookup together(book, self, NodeId{}, rules);
  Lookup apart(book, self, NodeId{}, rules);
  for (const ContactRef start :
       *rc::gen::container<std::vector<ContactRef>>(3, rc::gen::elementOf(contacts))) {
    together.add_start(start);
    apart.add_start(start);
  }
  std::size_t answers = 0;
  for (; answers < 60; ++answers) {
    const auto contact = together.next();
    RC_ASSERT(contact == apart.next());
    if (!contact) break;
    if (*rc::gen::inRange(0, 4) == 0) {
      together.on_slow(*contact);
      apart.on_slow(*contact);
    }
    if (*rc::gen::inRange(0, 4) == 0) {
      together.on_failure(*contact, Failure::timeout);
      apart.on_failure(*contact, Failure::timeout);
    } else {
      const auto most = static_cast<std::size_t>(std::max(rules.k, 20U));
      const auto nodes = *rc::gen::container<std::vector<ContactRef>>(
          *rc::gen::inRange<std::size_t>(0, most + 1), rc::gen::elementOf(contacts));
      together.on_answer(*contact, list_of(nodes));
      apart.on_answer(*contact, {});
      // One that is known and has to go does not come back with the same answer.
      std::set<ContactRef> known;
      for (const Lookup::Candidate& each : apart.candidates()) known.insert(each.ref);
      for (const ContactRef node : nodes) {
        if (known.count(node) == 0) apart.offer(node);
      }
    }
    RC_ASSERT(seen(together) == seen(apart));
    RC_ASSERT(!together.violation());
  }
  RC_TAG(answers > 10 ? "long" : "short");
}

}  // namespace
}  // namespace macula::dht
