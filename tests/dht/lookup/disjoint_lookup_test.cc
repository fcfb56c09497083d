#include "dht/lookup/disjoint_lookup.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>
#include <vector>

#include "base/hash.h"
#include "dht/table/routing_table.h"
#include "tests/dht/contacts.h"

namespace macula::dht {
namespace {

TEST(DisjointLookup, SomeAreAskedBeforeAllOthersHoweverFar) {
  ContactBook book;
  LookupRules rules;
  rules.k = 2;
  DisjointLookup lookup(Lookup(book, hash_id("searcher"), NodeId{}, rules), 2);
  for (std::uint64_t i = 1; i < 9; ++i) lookup.add_start(intern(book, numbered_id(i)));
  lookup.add_first(intern(book, numbered_id(50)));
  lookup.add_first(intern(book, numbered_id(60)));
  EXPECT_EQ(lookup.next(), intern(book, numbered_id(50)));
  EXPECT_EQ(lookup.next(), intern(book, numbered_id(60)));
}

// Against a model of its promises: the path of each peer, and who has heard of whom.
RC_GTEST_PROP(DisjointLookupProperty, AsksNoPeerTwiceAndFindsWhatOnePathFinds, ()) {
  ContactBook book;
  const auto salt = *rc::gen::arbitrary<std::uint64_t>();
  const auto size = *rc::gen::inRange<std::size_t>(1, 60);
  LookupRules rules;
  rules.k = *rc::gen::inRange(1U, 12U);
  rules.alpha = *rc::gen::inRange(1U, 5U);
  rules.widen = *rc::gen::arbitrary<bool>();
  const auto paths = *rc::gen::inRange<std::size_t>(1, 6);
  std::vector<ContactRef> nodes;
  for (std::size_t i = 0; i < size; ++i) nodes.push_back(intern(book, {{mix(salt, i), 1, 2, i}}));
  std::map<ContactRef, RoutingTable> tables;
  for (const ContactRef node : nodes) {
    RoutingTable table(book, book.id(node), rules.k);
    for (const ContactRef other : nodes) table.observe(other);
    tables.emplace(node, std::move(table));
  }
  const NodeId target = hash_id("target");
  DisjointLookup lookup(Lookup(book, hash_id("searcher"), target, rules), paths);
  for (const ContactRef start :
       *rc::gen::container<std::vector<ContactRef>>(rc::gen::elementOf(nodes))) {
    lookup.add_start(start);
  }
  lookup.add_start(nodes.front());

  const int dead_percent = *rc::gen::inRange(0, 60);
  std::set<ContactRef> asked;
  std::set<ContactRef> answered;
  std::set<ContactRef> slow;
  std::vector<ContactRef> in_flight;
  for (;;) {
    while (const auto contact = lookup.next()) {
      RC_ASSERT(asked.insert(*contact).second);
      in_flight.push_back(*contact);
      EXPECT_EQ(lookup.violation(), std::nullopt);
    }
    RC_ASSERT(in_flight.size() == lookup.outstanding().size());
    if (lookup.finished()) break;
    RC_ASSERT(!in_flight.empty());
    const auto place = *rc::gen::inRange<std::size_t>(0, in_flight.size());
    const ContactRef from = in_flight[place];
    if (*rc::gen::inRange(0, 4) == 0 && slow.insert(from).second) {
      lookup.on_slow(from);
      continue;
    }
    in_flight.erase(in_flight.begin() + static_cast<std::ptrdiff_t>(place));
    if (mix(salt, static_cast<std::uint64_t>(from)) % 100 <
        static_cast<std::uint64_t>(dead_percent)) {
      lookup.on_failure(from, Failure::timeout);
    } else {
      answered.insert(from);
      ContactList answer;
      tables.at(from).closest(target, rules.k, [&](ContactRef ref) { answer.push_back(ref); });
      lookup.on_answer(from, answer);
      lookup.on_answer(from, answer);  // once
    }
    EXPECT_EQ(lookup.violation(), std::nullopt);
  }
  RC_ASSERT(lookup.stats().rpcs == asked.size());
  RC_ASSERT(lookup.closest() ==
            closest_by_sorting(book, {answered.begin(), answered.end()}, target, rules.k));
  if (dead_percent == 0 && lookup.outstanding().empty()) {
    RC_ASSERT(lookup.closest() == closest_by_sorting(book, nodes, target, rules.k));
  }
}

TEST(DisjointLookup, APeerThatTwoPathsHearOfIsAskedByOneAndCountsForBoth) {
  ContactBook book;
  const auto node = [&](std::uint64_t number) { return intern(book, numbered_id(number)); };
  DisjointLookup lookup(Lookup(book, hash_id("searcher"), NodeId{}, {1, 1, StopRule::paper, false}),
                        2);
  lookup.add_start(node(8));
  lookup.add_start(node(9));
  EXPECT_EQ(lookup.next(), node(8));
  EXPECT_EQ(lookup.next(), node(9));
  EXPECT_EQ(lookup.next(), std::nullopt);
  lookup.on_answer(node(8), list_of({node(1)}));
  EXPECT_EQ(lookup.next(), node(1));
  lookup.on_answer(node(9), list_of({node(1)}));
  EXPECT_EQ(lookup.next(), std::nullopt);  // waits with the other
  EXPECT_FALSE(lookup.finished());
  lookup.on_answer(node(1), {});
  EXPECT_EQ(lookup.next(), std::nullopt);
  EXPECT_TRUE(lookup.finished());
  EXPECT_EQ(lookup.closest(), (std::vector<ContactRef>{node(1)}));
  EXPECT_EQ(lookup.stats().rpcs, 3U);
}

// One path never hears what a liar answers to the other.
TEST(DisjointLookup, ALiarLeadsOnlyItsOwnPathAstray) {
  ContactBook book;
  const auto node = [&](std::uint64_t number) { return intern(book, numbered_id(number)); };
  DisjointLookup lookup(Lookup(book, hash_id("searcher"), NodeId{}, {1, 1, StopRule::paper, false}),
                        2);
  lookup.add_start(node(800));  // the liar
  lookup.add_start(node(900));
  EXPECT_EQ(lookup.next(), node(800));
  EXPECT_EQ(lookup.next(), node(900));
  lookup.on_answer(node(800), list_of({node(1), node(2)}));  // friends, nearer than anybody
  EXPECT_EQ(lookup.next(), node(1));
  lookup.on_answer(node(900), list_of({node(50)}));
  EXPECT_EQ(lookup.next(), node(50));
  lookup.on_failure(node(1), Failure::timeout);
}

// Each path is a chain of `hops` peers, the last of which knows the value. A hostile one answers
// with friends that stand nearer to the target than any honest peer, and say nothing.
bool reaches_the_value(std::uint64_t trial, std::size_t paths, std::uint64_t hops,
                       std::uint64_t hostile_percent) {
  ContactBook book;
  const auto peer = [&](std::uint64_t path, std::uint64_t hop) {
    return intern(book, {{1 + hops - hop, 1, path, hop}});
  };
  std::map<ContactRef, std::pair<std::uint64_t, std::uint64_t>> place;
  DisjointLookup lookup(Lookup(book, hash_id("searcher"), NodeId{}, {1, 1, StopRule::paper, false}),
                        paths);
  for (std::uint64_t path = 0; path < paths; ++path) {
    for (std::uint64_t hop = 1; hop <= hops; ++hop) place[peer(path, hop)] = {path, hop};
    lookup.add_start(peer(path, 1));
  }
  bool found = false;
  std::vector<ContactRef> in_flight;
  while (!lookup.finished()) {
    while (const auto contact = lookup.next()) in_flight.push_back(*contact);
    if (in_flight.empty()) break;
    const ContactRef from = in_flight.back();
    in_flight.pop_back();
    const auto known = place.find(from);
    if (known == place.end()) {
      lookup.on_answer(from, {});  // a friend
      continue;
    }
    const auto [path, hop] = known->second;
    if (mix(mix(trial, path), hop) % 100 < hostile_percent) {
      lookup.on_answer(from, list_of({intern(book, {{0, 1, path, hop}})}));
    } else if (hop < hops) {
      lookup.on_answer(from, list_of({peer(path, hop + 1)}));
    } else {
      found = true;
      lookup.on_answer(from, {});
    }
  }
  return found;
}

// Success over d disjoint paths of h hops, with a share f of hostile peers:
// 1 - (1 - (1 - f)^h)^d (S/Kademlia, 2007, section 4.4). Gate: 3 standard errors.
TEST(DisjointLookup, SucceedsAsOftenAsDerived) {
  constexpr std::uint64_t kTrials = 5'000;
  constexpr std::uint64_t kHops = 4;
  for (const std::size_t paths : {1U, 8U}) {
    for (const std::uint64_t hostile : {20U, 30U}) {
      std::uint64_t successes = 0;
      for (std::uint64_t trial = 0; trial < kTrials; ++trial) {
        if (reaches_the_value(trial, paths, kHops, hostile)) ++successes;
      }
      const double f = static_cast<double>(hostile) / 100;
      const double derived =
          1 - std::pow(1 - std::pow(1 - f, double{kHops}), static_cast<double>(paths));
      const double measured = static_cast<double>(successes) / kTrials;
      const double gate = 3 * std::sqrt(derived * (1 - derived) / kTrials);
      std::printf("paths %zu, hostile %.1f: expected %.4f, measured %.4f, difference %+.4f\n",
                  paths, f, derived, measured, measured - derived);
      EXPECT_NEAR(measured, derived, gate);
    }
  }
}

}  // namespace
}  // namespace macula::dht
