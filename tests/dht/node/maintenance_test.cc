#include "dht/node/maintenance.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "tests/dht/node/node_fixture.h"

namespace macula::dht {
namespace {

constexpr Duration kSecond = std::chrono::seconds(1);
constexpr Duration kHour = std::chrono::hours(1);

struct ChoreApplication final : Application {
  void on_call(CallHandle, const std::string&, const wire::Bytes&) override {}
  void on_cast(const std::string&, const wire::Bytes&) override {}
  void on_chore(Chore chore, std::size_t bytes) override { told[chore].push_back(bytes); }
  std::map<Chore, std::vector<std::size_t>> told;
};

// A host, a schedule on it, and an upkeep that does what the test says.
struct Bench final : Guest, Upkeep {
  explicit Bench(const Protocol& rules)
      : protocol(rules),
        context(host, book, protocol, *book.intern({hash_id("self"), {}, std::nullopt}),
                application, &records),
        maintenance(context) {
    host.attach(*this);
    for (std::size_t i = 0; i < kChores; ++i) {
      maintenance.add(Chore{static_cast<std::uint8_t>(i)}, *this);
    }
  }

  Turn take_turn(Chore chore) override {
    turns.emplace_back(chore, host.now());
    return answer;
  }
  void on_message(const Sender&, wire::Message&) override {}
  void on_request(const Sender&, InboundId, wire::Message&) override {}
  void on_reply(Token, wire::Message&) override {}
  void on_failure(Token, Failure) override {}
  void on_met(Token, ContactRef) override {}
  void on_timer(Token token) override {
    EXPECT_EQ(token_concern(token), Concern::maintenance);
    maintenance.on_timer();
    EXPECT_EQ(maintenance.violation(), std::nullopt);
  }

  FakeHost host;
  ContactBook book;
  Protocol protocol;
  RecordStore records;
  ChoreApplication application;
  Context context;
  Maintenance maintenance;
  Turn answer;
  std::vector<std::pair<Chore, Time>> turns;
};

TEST(Maintenance, ATurnComesBetweenHalfAndTheWholeOfTheDelayDrawnAnewEachTime) {
  Bench bench(Protocol{});
  bench.answer = {0, kHour};
  bench.maintenance.want(Chore::refresh, kHour);
  bench.host.advance(100 * kHour);
  ASSERT_GE(bench.turns.size(), 100U);
  Time last{};
  std::set<Duration> delays;
  for (const auto& [chore, time] : bench.turns) {
    EXPECT_GE(time - last, kHour / 2);
    EXPECT_LE(time - last, kHour);
    delays.insert(time - last);
    last = time;
  }
  EXPECT_EQ(delays.size(), bench.turns.size());
}

TEST(Maintenance, ThereIsOneTimerWhateverIsWanted) {
  Bench bench(Protocol{});
  EXPECT_EQ(bench.host.open_timers(), 0U);
  for (const Chore chore : {Chore::refresh, Chore::probe, Chore::expire, Chore::refresh}) {
    bench.maintenance.want(chore, kHour);
    EXPECT_EQ(bench.host.open_timers(), 1U);
  }
  bench.host.advance(2 * kHour);
  EXPECT_EQ(bench.turns.size(), 3U);  // what is wanted twice comes once
  EXPECT_EQ(bench.host.open_timers(), 0U);
}

TEST(Maintenance, ATurnIsBroughtForwardButNotPutOff) {
  Bench bench(Protocol{});
  bench.maintenance.want(Chore::probe, kHour);
  bench.maintenance.want(Chore::probe, kSecond);
  bench.maintenance.want(Chore::probe, kHour);
  bench.host.advance(kSecond);
  EXPECT_EQ(bench.turns.size(), 1U);
}

TEST(Maintenance, NothingIsDoneWhereTheProtocolWantsNone) {
  Protocol protocol;
  protocol.maintenance = false;
  Bench bench(protocol);
  bench.maintenance.want(Chore::refresh, kHour);
  EXPECT_EQ(bench.host.open_timers(), 0U);
  EXPECT_FALSE(bench.maintenance.waiting());
}

TEST(Maintenance, LateSpendingIsPaidForToo) {
  Bench bench(Protocol{});
  bench.host.advance(kHour);
  bench.maintenance.spent(Chore::refresh, 500 * 90);  // 60 s more than was saved
  bench.maintenance.want(Chore::probe, kSecond);
  bench.maintenance.want(Chore::expire, kSecond);
  bench.host.advance(59 * kSecond);
  ASSERT_EQ(bench.turns.size(), 1U);  // sends nothing, and so waits for nothing
  EXPECT_EQ(bench.turns[0].first, Chore::expire);
  bench.host.advance(2 * kSecond);
  EXPECT_EQ(bench.turns.size(), 2U);
  EXPECT_EQ(bench.application.told[Chore::refresh], std::vector<std::size_t>{500 * 90});
}

// The order of the chores' numbers says nothing.
TEST(Maintenance, WhereThereIsLessBudgetThanWorkThoseWantedFirstGoFirst) {
  for (const bool turned : {false, true}) {
    const Chore early = turned ? Chore::republish : Chore::refresh;
    const Chore late = turned ? Chore::refresh : Chore::republish;
    Bench bench(Protocol{});
    bench.host.advance(kHour);
    bench.maintenance.spent(Chore::probe, 500 * 90);
    bench.maintenance.want(late, 50 * kSecond);
    bench.maintenance.want(early, 10 * kSecond);
    bench.answer = {500, std::nullopt};
    bench.host.advance(100 * kSecond);
    ASSERT_EQ(bench.turns.size(), 2U);
    EXPECT_EQ(bench.turns[0].first, early);
    EXPECT_EQ(bench.turns[1].first, late);
  }
}

TEST(Maintenance, WhatAQuietTimeHasSavedLastsForABurst) {
  Protocol protocol;
  protocol.maintenance_budget = 100;
  Bench bench(protocol);
  bench.answer = {1000, kSecond / 10};  // ten seconds' worth
  for (int burst = 0; burst < 2; ++burst) {
    bench.host.advance(kHour - kSecond);
    bench.turns.clear();
    bench.maintenance.want(Chore::probe, kSecond);
    bench.host.advance(2 * kSecond);
    EXPECT_GE(bench.turns.size(), 3U);
    EXPECT_LE(bench.turns.size(), 4U);
    bench.answer.next.reset();
    bench.host.advance(kHour);
    bench.answer.next = kSecond / 10;
  }
}

// Over any time no more than the budget, what was saved, and the one piece that goes over it.
RC_GTEST_PROP(MaintenanceProperty, TheBudgetHoldsWhateverTheChoresWant, ()) {
  Protocol protocol;
  protocol.maintenance_budget = *rc::gen::inRange<std::uint32_t>(10, 2000);
  Bench bench(protocol);
  const std::size_t piece = *rc::gen::inRange<std::size_t>(1, 5000);
  bench.answer = {piece, *rc::gen::inRange(1, 20) * kSecond};
  for (std::size_t i = 0; i < kChores - 1; ++i) {
    bench.maintenance.want(Chore{static_cast<std::uint8_t>(i)}, kSecond);
  }
  bench.host.advance(600 * kSecond);
  for (std::size_t first = 0; first < bench.turns.size(); first += 7) {
    std::size_t bytes = 0;
    for (std::size_t i = first; i < bench.turns.size(); ++i) {
      bytes += piece;
      const Duration span = bench.turns[i].second - bench.turns[first].second + Maintenance::kSaved;
      RC_ASSERT(static_cast<std::int64_t>(bytes - piece) * kSecond.count() <=
                span.count() * protocol.maintenance_budget);
    }
  }
  // And none of it is left unused by who has work to do: each chore has its turn.
  std::set<Chore> seen;
  for (const auto& [chore, time] : bench.turns) seen.insert(chore);
  if (piece * kChores < std::size_t{600} * protocol.maintenance_budget) {
    RC_ASSERT(seen.size() == kChores - 1);
  }
  RC_ASSERT(bench.host.open_timers() == 1U);
}

// ----- the chores of a table -----

TEST_F(NodeTest, ABucketThatSawNoLookupForAnHourIsRefreshed) {
  protocol.evict = false;  // no pings
  Node& node = start();
  node.add_contact(intern(book, id_in_bucket(numbered_id(0), 0, 1)));
  node.add_contact(intern(book, id_in_bucket(numbered_id(0), 2, 1)));
  std::set<int> looked_up;
  const Time end = host.now() + std::chrono::minutes(70);
  while (host.now() < end) {
    host.advance(kSecond);  // sooner than a request times out
    while (!host.open_requests().empty()) {
      const std::size_t request = host.open_requests().front();
      looked_up.insert(bucket_index(numbered_id(0), sent_as<wire::FindNode>(request).target));
      host.answer(request, wire::FindNodeReply{});
    }
  }
  EXPECT_EQ(looked_up, (std::set<int>{0, 1, 2, NodeId::kBits}));
  expect_idle();
}

TEST_F(NodeTest, ABucketThatIsLookedUpAnywayIsNotRefreshed) {
  protocol.evict = false;
  Node& node = start();
  node.add_contact(intern(book, id_in_bucket(numbered_id(0), 0, 1)));
  std::size_t own = 0;
  for (int minute = 0; minute < 180; ++minute) {
    node.lookup(id_in_bucket(numbered_id(0), 0, 7), [](SearchResult&) {});
    ++own;
    host.advance(std::chrono::minutes(1));
    for (const std::size_t request : host.open_requests()) {
      host.answer(request, wire::FindNodeReply{});
    }
  }
  std::size_t far = 0;
  for (const auto& request : host.requests) {
    const auto& query = std::get<wire::FindNode>(request.message);
    far += bucket_index(numbered_id(0), query.target) == 0 ? 1 : 0;
  }
  EXPECT_EQ(far, own);
}

// Pings under way, by whom they are for.
std::set<ContactRef> pinged(const FakeHost& host) {
  std::set<ContactRef> contacts;
  for (const std::size_t request : host.open_requests()) {
    const auto& one = host.requests[request];
    if (std::holds_alternative<wire::Ping>(one.message)) contacts.insert(one.to);
  }
  return contacts;
}

TEST_F(NodeTest, ASilentContactIsPingedAndLeavesOnceItHasFailedTwice) {
  Node& node = start();
  node.add_contact(contact(1));
  std::size_t pings = 0;
  while (node.table().size() > 0 && host.now() < kTimeZero + kHour) {
    host.advance(kSecond);
    pings = host.requests.size();
  }
  EXPECT_EQ(pings, 2U);
  EXPECT_GE(host.now(), kTimeZero + RoutingTable::kPatienceOfFew / 2);
  EXPECT_LE(host.now(), kTimeZero + RoutingTable::kPatienceOfFew + std::chrono::seconds(20));
  EXPECT_TRUE(node.table().dead().contains(contact(1)));
}

TEST_F(NodeTest, WhoReturnsFromTheDeadIsAskedForTheOwnNeighbourhood) {
  Node& node = start();
  node.add_contact(contact(1));
  const Time end = kTimeZero + kHour;
  while (node.table().size() > 0 && host.now() < end) host.advance(kSecond);
  while (pinged(host).count(contact(1)) == 0) {  // the dead are visited
    ASSERT_LT(host.now(), end);
    host.advance(kSecond);
  }
  const auto& visit = host.requests.back();
  host.answer(host.last_request(), wire::Pong{std::get<wire::Ping>(visit.message).timestamp, 0});
  EXPECT_TRUE(node.table().contains(contact(1)));
  host.advance(TableUpkeep::kReunion);
  const auto& lookup = host.requests.back();
  EXPECT_EQ(lookup.to, contact(1));
  EXPECT_EQ(std::get<wire::FindNode>(lookup.message).target, numbered_id(0));
}

TEST_F(NodeTest, WhoHasLostEverybodyGoesBackToTheBootstrapNodes) {
  protocol.refresh_on_join = false;
  Node& node = start({contact(1)});
  host.answer(0, wire::FindNodeReply{});
  EXPECT_TRUE(node.health().healthy);
  for (int i = 0; i < 2; ++i) {
    node.ping(contact(1), kSecond, [](const PingResult&) {});
    host.fail(host.last_request(), Failure::timeout);
  }
  EXPECT_EQ(node.table().size(), 0U);
  EXPECT_FALSE(node.health().healthy);
  host.advance(2 * Join::kFirstRetry);
  const auto& retry = host.requests.back();
  EXPECT_EQ(retry.to, contact(1));
  EXPECT_TRUE(std::holds_alternative<wire::FindNode>(retry.message));
}

TEST_F(NodeTest, WhoRefusesIsNotDead) {
  Node& node = start();
  node.add_contact(contact(1));
  for (int i = 0; i < 5; ++i) {
    node.ping(contact(1), kSecond, [](const PingResult&) {});
    host.fail(host.last_request(), Failure::refused);
  }
  EXPECT_TRUE(node.table().contains(contact(1)));
}

TEST_F(NodeTest, WithoutMaintenanceANodeAtRestHasNoTimer) {
  protocol.maintenance = false;
  start();
  EXPECT_EQ(host.open_timers(), 0U);
}

// The hour's look at the own neighbourhood asks a bootstrap node, though it left the table long
// ago.
TEST_F(NodeTest, TheOwnIdIsLookedUpWithABootstrapNodeOnceAnInterval) {
  protocol.refresh_on_join = false;
  protocol.evict = false;
  Node& node = start({contact(50)});
  host.answer(0, wire::FindNodeReply{});
  node.table().remove(contact(50));
  node.add_contact(contact(1));
  std::size_t asked = 0;
  for (int second = 0; second < 3 * 3600; ++second) {
    host.advance(kSecond);
    while (!host.open_requests().empty()) {
      const std::size_t request = host.open_requests().front();
      if (host.requests[request].to == contact(50)) {
        EXPECT_EQ(sent_as<wire::FindNode>(request).target, numbered_id(0));
        ++asked;
        host.fail(request, Failure::timeout);
      } else {
        host.answer(request, wire::FindNodeReply{});
      }
    }
  }
  EXPECT_GE(asked, 3U);
  EXPECT_LE(asked, 6U);
}

TEST_F(NodeTest, AVacancyIsLookedUpSoonAndPingsAreFewAtATime) {
  protocol.refresh_on_join = false;
  protocol.query_timeout = kHour;
  Node& node = start();
  std::vector<ContactRef> contacts;
  for (int bucket = 0; bucket < 8; ++bucket) {
    const auto tail = static_cast<std::uint64_t>(bucket) + 1;
    contacts.push_back(intern(book, id_in_bucket(numbered_id(0), bucket, tail)));
    node.add_contact(contacts.back());
  }
  host.advance(kSecond);
  lose(node, contacts[2]);
  lose(node, contacts[5]);
  std::set<int> looked_up;
  for (int i = 0; i < 2 * TableUpkeep::kRefill / kSecond; ++i) {
    host.advance(kSecond);
    for (const std::size_t request : host.open_requests()) {
      const auto* find = std::get_if<wire::FindNode>(&host.requests[request].message);
      if (find == nullptr) continue;
      looked_up.insert(bucket_index(numbered_id(0), find->target));
      host.answer(request, wire::FindNodeReply{});
    }
  }
  EXPECT_EQ(looked_up, (std::set<int>{2, 5}));
  // All fall silent: in their turns, a few at a time.
  for (const ContactRef contact : contacts) node.table().doubt(contact);
  std::size_t most = 0;
  for (int i = 0; i < 1800; ++i) {
    host.advance(kSecond);
    most = std::max(most, pinged(host).size());
  }
  EXPECT_EQ(most, TableUpkeep::kPings);
}

// Whoever knows few hears within a minute that one of them has died, or tells it that it lives.
TEST_F(NodeTest, FewContactsAreAskedAfterEveryMinuteAndManyAreNot) {
  protocol.refresh_on_join = false;
  for (const std::size_t count : {std::size_t{1}, RoutingTable::kFew - 1, RoutingTable::kFew}) {
    Node& node = start({contact(1)});
    const std::size_t before = host.requests.size();
    host.answer(host.last_request(), wire::FindNodeReply{});
    for (std::uint64_t i = 2; i <= count; ++i) node.add_contact(contact(i));
    for (int second = 0; second < 300; ++second) {
      host.advance(kSecond);
      for (const std::size_t request : host.open_requests()) host.answer(request, wire::Pong{});
    }
    const std::size_t pings = host.requests.size() - before;
    if (count == RoutingTable::kFew) {
      EXPECT_EQ(pings, 0U);
    } else {
      EXPECT_GE(pings, 5 * count);
      EXPECT_LE(pings, 11 * count);
    }
  }
}

}  // namespace
}  // namespace macula::dht
