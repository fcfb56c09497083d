#include "dht/lookup/lookup.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "dht/table/routing_table.h"
#include "tests/dht/contacts.h"

namespace macula::dht {
namespace {

ContactList answer_from(const RoutingTable& table, const NodeId& target, std::size_t k) {
  ContactList list;
  table.closest(target, k, [&](ContactRef ref) { list.push_back(ref); });
  return list;
}

// Nodes whose tables are as full knowledge of each other would fill them; the searcher is known to
// nobody. In such a network a correct lookup finds the k closest exactly.
struct Overlay {
  Overlay(std::size_t nodes, std::size_t bucket_size)
      : searcher(book, hash_id("searcher"), bucket_size) {
    const auto salt = *rc::gen::arbitrary<std::uint64_t>();
    for (std::size_t i = 0; i < nodes; ++i) {
      contacts.push_back(intern(book, {{mix(salt, i), 1, 2, i}}));
    }
    for (const ContactRef node : contacts) {
      RoutingTable table(book, book.id(node), bucket_size);
      for (const ContactRef other : contacts) table.observe(other);
      tables.emplace(node, std::move(table));
    }
    for (const ContactRef node : contacts) searcher.observe(node);
  }

  ContactBook book;
  std::vector<ContactRef> contacts;
  std::map<ContactRef, RoutingTable> tables;
  RoutingTable searcher;
};

LookupRules any_rules() {
  LookupRules rules;
  rules.k = *rc::gen::inRange(1U, 12U);
  rules.alpha = *rc::gen::inRange(1U, 6U);
  rules.stop = *rc::gen::element(StopRule::paper, StopRule::slot, StopRule::no_change);
  rules.sequential = *rc::gen::arbitrary<bool>();
  rules.widen = *rc::gen::arbitrary<bool>();
  return rules;
}

// Takes a lookup to its end. Each time it waits, something happens to one of the requests in
// flight: which one is drawn. Its receiver becomes slow, where `may_be_slow(contact)` and as drawn;
// else it is settled, and how is up to `settle(lookup, contact)`. Holds every promise on the way.
template <typename MayBeSlow, typename Settle>
void run(Lookup& lookup, const ContactBook& book, const LookupRules& rules, MayBeSlow may_be_slow,
         Settle settle) {
  const auto steps_over = [&](Lookup::State state) {
    return rules.stop == StopRule::paper &&
           (state == Lookup::State::failed || state == Lookup::State::slow);
  };
  std::set<ContactRef> asked;
  std::set<ContactRef> slow;
  std::vector<ContactRef> in_flight;
  for (;;) {
    while (const auto contact = lookup.next()) {
      RC_ASSERT(asked.insert(*contact).second);
      in_flight.push_back(*contact);
      RC_ASSERT(in_flight.size() - slow.size() <= lookup.parallelism());
      RC_ASSERT(lookup.parallelism() <=
                (rules.sequential ? 1U : std::max(rules.alpha, rules.widen ? rules.k : 0U)));
      if (rules.stop != StopRule::no_change) {
        std::size_t closer = 0;
        for (const Lookup::Candidate& candidate : lookup.candidates()) {
          if (steps_over(candidate.state)) continue;
          if (book.closer(candidate.ref, *contact, lookup.target())) ++closer;
        }
        RC_ASSERT(closer < rules.k);
      }
      EXPECT_EQ(lookup.violation(), std::nullopt);
    }
    RC_ASSERT(lookup.outstanding().size() == in_flight.size());
    if (lookup.finished()) break;
    RC_ASSERT(!in_flight.empty());
    const auto place = *rc::gen::inRange<std::size_t>(0, in_flight.size());
    const ContactRef contact = in_flight[place];
    if (may_be_slow(contact) && slow.count(contact) == 0 && *rc::gen::arbitrary<bool>()) {
      slow.insert(contact);
      lookup.on_slow(contact);
    } else {
      slow.erase(contact);
      in_flight.erase(in_flight.begin() + static_cast<std::ptrdiff_t>(place));
      settle(lookup, contact);
    }
    EXPECT_EQ(lookup.violation(), std::nullopt);
  }
  // Only slow requests are still outstanding, which the lookup need not wait for.
  RC_ASSERT(in_flight.size() == slow.size());
  if (rules.stop == StopRule::no_change) RC_ASSERT(slow.empty());
  if (rules.stop == StopRule::paper && !slow.empty()) {
    RC_ASSERT(lookup.closest().size() == rules.k);
  }
  RC_ASSERT(lookup.stats().rpcs == asked.size());
}

bool nobody(ContactRef /*contact*/) {
  return false;
}

bool anybody(ContactRef /*contact*/) {
  return true;
}

RC_GTEST_PROP(LookupProperty, KeepsItsPromisesAndEnds, ()) {
  const LookupRules rules = any_rules();
  Overlay overlay(*rc::gen::inRange<std::size_t>(0, 60), *rc::gen::inRange<std::size_t>(1, 8));
  const NodeId target = hash_id(*rc::gen::string<std::string>());
  Lookup lookup(overlay.book, hash_id("searcher"), target, rules);
  overlay.searcher.closest(target, rules.k, [&](ContactRef ref) { lookup.add_start(ref); });
  const int failures = *rc::gen::inRange(0, 100);
  std::uint32_t failed = 0;
  std::set<ContactRef> answered;
  run(lookup, overlay.book, rules, anybody, [&](Lookup& running, ContactRef from) {
    if (*rc::gen::inRange(0, 100) < failures) {
      ++failed;
      running.on_failure(from, Failure::timeout);
    } else {
      answered.insert(from);
      running.on_answer(from, answer_from(overlay.tables.at(from), target, rules.k));
    }
  });
  RC_ASSERT(lookup.stats().failures == failed);
  RC_ASSERT(lookup.closest() ==
            closest_by_sorting(overlay.book, {answered.begin(), answered.end()}, target, rules.k));
}

// Every node answers; one contact is enough to start from.
template <typename MayBeSlow>
void finds_the_closest(Overlay& overlay, const LookupRules& rules, MayBeSlow may_be_slow) {
  const NodeId target = hash_id(*rc::gen::string<std::string>());
  Lookup lookup(overlay.book, hash_id("searcher"), target, rules);
  lookup.add_start(*rc::gen::elementOf(overlay.contacts));
  run(lookup, overlay.book, rules, may_be_slow, [&](Lookup& running, ContactRef from) {
    running.on_answer(from, answer_from(overlay.tables.at(from), target, rules.k));
  });
  RC_ASSERT(lookup.closest() ==
            closest_by_sorting(overlay.book, overlay.contacts, target, rules.k));
}

// Some answer late: the lookup ends without some late ones only where k others answered, so that
// with k as large as the network nobody is missed.
RC_GTEST_PROP(LookupProperty, LateAnswersCountAsAnyOther, ()) {
  LookupRules rules = any_rules();
  rules.stop = StopRule::paper;
  Overlay overlay(*rc::gen::inRange<std::size_t>(1, 12), 12);
  rules.k = 12;
  finds_the_closest(overlay, rules, anybody);
}

RC_GTEST_PROP(LookupProperty, FindsTheClosestInWhateverOrderAnswersCome, ()) {
  LookupRules rules = any_rules();
  rules.stop = StopRule::paper;
  Overlay overlay(*rc::gen::inRange<std::size_t>(1, 80), rules.k);
  finds_the_closest(overlay, rules, nobody);
}

// With dead nodes about: all that was heard of, is alive and belongs to the result is in it.
RC_GTEST_PROP(LookupProperty, MissesNoLiveNodeThatItHeardOf, ()) {
  LookupRules rules = any_rules();
  rules.stop = StopRule::paper;
  Overlay overlay(*rc::gen::inRange<std::size_t>(1, 80), *rc::gen::inRange<std::size_t>(1, 8));
  const NodeId target = hash_id(*rc::gen::string<std::string>());
  std::set<ContactRef> dead;
  for (const ContactRef node : overlay.contacts) {
    if (*rc::gen::inRange(0, 10) < 3) dead.insert(node);
  }
  std::set<ContactRef> heard_live;
  const auto hear = [&](ContactRef node) {
    if (dead.count(node) == 0) heard_live.insert(node);
  };
  Lookup lookup(overlay.book, hash_id("searcher"), target, rules);
  overlay.searcher.closest(target, rules.k, [&](ContactRef ref) {
    hear(ref);
    lookup.add_start(ref);
  });
  run(
      lookup, overlay.book, rules, [&](ContactRef node) { return dead.count(node) != 0; },
      [&](Lookup& running, ContactRef from) {
        if (dead.count(from) != 0) {
          running.on_failure(from, Failure::timeout);
          return;
        }
        const ContactList answer = answer_from(overlay.tables.at(from), target, rules.k);
        std::for_each(answer.begin(), answer.end(), hear);
        running.on_answer(from, answer);
      });
  RC_ASSERT(lookup.closest() == closest_by_sorting(overlay.book,
                                                   {heard_live.begin(), heard_live.end()}, target,
                                                   rules.k));
}

RC_GTEST_PROP(LookupProperty, OddAnswersChangeNothing, ()) {
  LookupRules rules = any_rules();
  rules.stop = StopRule::paper;
  Overlay overlay(*rc::gen::inRange<std::size_t>(1, 60), rules.k);
  // Often the id of a node, which then stands in answers.
  const NodeId target = *rc::gen::arbitrary<bool>()
                            ? overlay.book.id(*rc::gen::elementOf(overlay.contacts))
                            : hash_id("target");
  const NodeId self = hash_id("searcher");
  const ContactRef searcher = intern(overlay.book, self);
  const ContactRef nowhere = *overlay.book.intern({target, make_ipv4(0, 9443), std::nullopt});
  Lookup lookup(overlay.book, self, target, rules);
  overlay.searcher.closest(target, rules.k, [&](ContactRef ref) { lookup.add_start(ref); });
  run(lookup, overlay.book, rules, nobody, [&](Lookup& running, ContactRef from) {
    // The whole table, not sorted, with the searcher, the sender, and the target at an address
    // where no packet can go; some of them twice.
    std::vector<ContactRef> nodes = overlay.tables.at(from).entries();
    nodes.push_back(searcher);
    nodes.push_back(from);
    nodes.push_back(nowhere);
    const auto twice = *rc::gen::inRange<std::size_t>(0, nodes.size());
    nodes.insert(nodes.begin(), nodes.begin() + static_cast<std::ptrdiff_t>(twice), nodes.end());
    running.on_answer(from, list_of(nodes));
    running.on_answer(from, list_of(nodes));  // nor does a second answer
    running.on_failure(from, Failure::timeout);
    running.on_failure(searcher, Failure::timeout);  // nor the outcome of somebody not asked
    running.on_slow(searcher);
    running.on_slow(from);
  });
  RC_ASSERT(lookup.stats().failures == 0U);
  RC_ASSERT(lookup.closest() ==
            closest_by_sorting(overlay.book, overlay.contacts, target, rules.k));
}

// However many friends near the target one liar names, no more than k of them, or 20, are
// candidates.
RC_GTEST_PROP(LookupProperty, TakesNoMoreThanItShouldFromOneAnswer, ()) {
  LookupRules rules = any_rules();
  ContactBook book;
  Lookup lookup(book, hash_id("searcher"), NodeId{}, rules);
  const ContactRef liar = intern(book, numbered_id(std::uint64_t{1} << 40));
  lookup.add_start(liar);
  RC_ASSERT(lookup.next() == liar);
  std::vector<ContactRef> friends;
  const auto count = *rc::gen::inRange<std::uint64_t>(0, 300);
  for (std::uint64_t i = count; i > 0; --i) friends.push_back(intern(book, numbered_id(i)));
  lookup.on_answer(liar, list_of(friends));
  const std::size_t size = lookup.candidates().size();
  RC_ASSERT(size <= 1 + std::max(rules.k, 20U));
  RC_ASSERT(size >= 1 + std::min<std::size_t>(count, rules.k));
  // The closest ones.
  for (std::size_t i = 0; i + 1 < lookup.candidates().size(); ++i) {
    RC_ASSERT(book.id(lookup.candidates()[i].ref) == numbered_id(i + 1));
  }
}

RC_GTEST_PROP(LookupProperty, MemoryIsBoundedWhateverIsAnswered, ()) {
  const LookupRules rules = any_rules();
  ContactBook book;
  Lookup lookup(book, hash_id("searcher"), NodeId{}, rules);
  std::uint64_t next_id = *rc::gen::inRange<std::uint64_t>(0, 100);
  lookup.add_start(intern(book, numbered_id(std::uint64_t{1} << 40)));
  int answers = 0;
  run(lookup, book, rules, anybody, [&](Lookup& running, ContactRef from) {
    std::vector<ContactRef> nodes;
    if (++answers <= 40) {
      // Each time 50 nodes nearer than all before.
      const std::uint64_t base = (std::uint64_t{1} << 40) >> std::min(answers, 30);
      for (int i = 0; i < 50; ++i) nodes.push_back(intern(book, numbered_id(base + ++next_id)));
    }
    if (*rc::gen::inRange(0, 3) == 0) {
      running.on_failure(from, Failure::timeout);
    } else {
      running.on_answer(from, list_of(nodes));
    }
    const std::size_t asked = running.stats().rpcs;
    RC_ASSERT(running.candidates().size() <= 20 + 3 * (rules.k + rules.alpha + asked));
  });
}

}  // namespace
}  // namespace macula::dht
