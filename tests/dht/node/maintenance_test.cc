#include "dht/node/maintenance.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "tests/dht/node/node_fixture.h"
#include "tests/durations.h"

namespace macula::dht {
namespace {

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
  EXPECT_EQ(bench.turns.size(), 3U);  // a chore that is wanted twice comes once
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

// A large one, passed on to twenty: hours of the budget.
TEST(Maintenance, WhatRecordsOfOthersCostDelaysNothingElse) {
  Bench bench(Protocol{});
  bench.host.advance(kHour);
  bench.maintenance.spent(Chore::replicate, std::size_t{8} << 20);
  bench.maintenance.want(Chore::replicate, 10 * kSecond);
  bench.maintenance.want(Chore::republish, 240 * kSecond);
  bench.host.advance(240 * kSecond);
  ASSERT_EQ(bench.turns.size(), 1U);
  EXPECT_EQ(bench.turns[0].first, Chore::republish);
  // Other spending delays them, too: together they keep within the budget.
  bench.host.advance(4 * kHour);
  ASSERT_EQ(bench.turns.size(), 1U);
  bench.host.advance(kHour);
  EXPECT_EQ(bench.turns.size(), 2U);
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

// Over any time no more than the budget, and, once for records of others and once for the rest,
// what was saved and the one piece that goes over it.
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
      const Duration span =
          bench.turns[i].second - bench.turns[first].second + 2 * Maintenance::kSaved;
      RC_ASSERT((static_cast<std::int64_t>(bytes) - 2 * static_cast<std::int64_t>(piece)) *
                    kSecond.count() <=
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

}  // namespace
}  // namespace macula::dht
