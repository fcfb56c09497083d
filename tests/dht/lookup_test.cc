#include "dht/lookup.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "dht/routing_table.h"
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
  return rules;
}

// Takes a lookup to its end. Each time it waits, one of the requests in flight is settled: which
// one is drawn, and how it ends is up to `settle(lookup, contact)`. Holds every promise on the way.
template <typename Settle>
void run(Lookup& lookup, const ContactBook& book, const LookupRules& rules, Settle settle) {
  std::set<ContactRef> asked;
  std::vector<ContactRef> in_flight;
  for (;;) {
    while (const auto contact = lookup.next()) {
      RC_ASSERT(asked.insert(*contact).second);
      in_flight.push_back(*contact);
      RC_ASSERT(in_flight.size() <= (rules.sequential ? 1U : rules.alpha));
      if (rules.stop != StopRule::no_change) {
        std::size_t closer = 0;
        for (const Lookup::Candidate& candidate : lookup.candidates()) {
          if (rules.stop == StopRule::paper && candidate.state == Lookup::State::failed) continue;
          if (book.closer(candidate.ref, *contact, lookup.target())) ++closer;
        }
        RC_ASSERT(closer < rules.k);
      }
      lookup.check_invariants();
    }
    RC_ASSERT(lookup.outstanding().size() == in_flight.size());
    RC_ASSERT(lookup.finished() == in_flight.empty());
    if (in_flight.empty()) break;
    const auto place = *rc::gen::inRange<std::size_t>(0, in_flight.size());
    const ContactRef settled = in_flight[place];
    in_flight.erase(in_flight.begin() + static_cast<std::ptrdiff_t>(place));
    settle(lookup, settled);
    lookup.check_invariants();
  }
  RC_ASSERT(lookup.stats().rpcs == asked.size());
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
  run(lookup, overlay.book, rules, [&](Lookup& running, ContactRef from) {
    if (*rc::gen::inRange(0, 100) < failures) {
      ++failed;
      running.on_failure(from);
    } else {
      answered.insert(from);
      running.on_answer(from, answer_from(overlay.tables.at(from), target, rules.k));
    }
  });
  RC_ASSERT(lookup.stats().failures == failed);
  RC_ASSERT(lookup.closest() ==
            closest_by_sorting(overlay.book, {answered.begin(), answered.end()}, target, rules.k));
}

RC_GTEST_PROP(LookupProperty, FindsTheClosestInWhateverOrderAnswersCome, ()) {
  LookupRules rules = any_rules();
  rules.stop = StopRule::paper;
  Overlay overlay(*rc::gen::inRange<std::size_t>(1, 80), rules.k);
  const NodeId target = hash_id(*rc::gen::string<std::string>());
  Lookup lookup(overlay.book, hash_id("searcher"), target, rules);
  // One contact is enough to start from.
  lookup.add_start(*rc::gen::elementOf(overlay.contacts));
  run(lookup, overlay.book, rules, [&](Lookup& running, ContactRef from) {
    running.on_answer(from, answer_from(overlay.tables.at(from), target, rules.k));
  });
  RC_ASSERT(lookup.closest() ==
            closest_by_sorting(overlay.book, overlay.contacts, target, rules.k));
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
  run(lookup, overlay.book, rules, [&](Lookup& running, ContactRef from) {
    if (dead.count(from) != 0) {
      running.on_failure(from);
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
  Lookup lookup(overlay.book, self, target, rules);
  overlay.searcher.closest(target, rules.k, [&](ContactRef ref) { lookup.add_start(ref); });
  run(lookup, overlay.book, rules, [&](Lookup& running, ContactRef from) {
    // The whole table, not sorted, with the searcher and the sender, some of them twice.
    std::vector<ContactRef> nodes = overlay.tables.at(from).entries();
    nodes.push_back(searcher);
    nodes.push_back(from);
    const auto twice = *rc::gen::inRange<std::size_t>(0, nodes.size());
    nodes.insert(nodes.begin(), nodes.begin() + static_cast<std::ptrdiff_t>(twice), nodes.end());
    running.on_answer(from, list_of(nodes));
    running.on_answer(from, list_of(nodes));  // nor does a second answer
    running.on_failure(from);
    running.on_failure(searcher);  // nor the outcome of somebody not asked
  });
  RC_ASSERT(lookup.stats().failures == 0U);
  RC_ASSERT(lookup.closest() ==
            closest_by_sorting(overlay.book, overlay.contacts, target, rules.k));
}

RC_GTEST_PROP(LookupProperty, MemoryIsBoundedWhateverIsAnswered, ()) {
  const LookupRules rules = any_rules();
  ContactBook book;
  Lookup lookup(book, hash_id("searcher"), NodeId{}, rules);
  std::uint64_t next_id = *rc::gen::inRange<std::uint64_t>(0, 100);
  lookup.add_start(intern(book, numbered_id(std::uint64_t{1} << 40)));
  int answers = 0;
  run(lookup, book, rules, [&](Lookup& running, ContactRef from) {
    std::vector<ContactRef> nodes;
    if (++answers <= 40) {
      // Each time 50 nodes nearer than all before.
      const std::uint64_t base = (std::uint64_t{1} << 40) >> std::min(answers, 30);
      for (int i = 0; i < 50; ++i) nodes.push_back(intern(book, numbered_id(base + ++next_id)));
    }
    if (*rc::gen::inRange(0, 3) == 0) {
      running.on_failure(from);
    } else {
      running.on_answer(from, list_of(nodes));
    }
    const std::size_t asked = running.stats().rpcs;
    RC_ASSERT(running.candidates().size() <= 20 + 3 * (rules.k + rules.alpha + asked));
  });
}

}  // namespace
}  // namespace macula::dht
