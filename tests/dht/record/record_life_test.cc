#include "dht/record/record_life.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "tests/dht/records.h"

namespace macula::dht {
namespace {

using namespace std::chrono_literals;
using Outcome = RecordStore::Outcome;

const Time kReceived{1000s};

TEST(RecordLife, CountsFromThePublicationThatIsTold) {
  const Life life = life_of(unsigned_record("x", 300'000, 100'000), kReceived, Protocol{});
  EXPECT_EQ(life.published, kReceived - 100s);
  EXPECT_EQ(life.expires, kReceived + 200s);
}

TEST(RecordLife, OfMacula08IsTheProtocolsOrThatOfTheProviderRecord) {
  Protocol protocol;
  protocol.ttl = 120s;
  EXPECT_EQ(life_of({text_value("x")}, kReceived, protocol).expires, kReceived + 120s);
  const auto provider = [](std::uint64_t ttl) {
    return wire::Record{std::make_shared<const wire::Value>(
        wire::make_map({{"node_id", {std::string("p")}}, {"ttl", {ttl}}}))};
  };
  EXPECT_EQ(life_of(provider(30), kReceived, protocol).expires, kReceived + 30s);
  EXPECT_EQ(life_of(provider(~0ULL), kReceived, protocol).expires, kReceived + kLongestLife);
  EXPECT_EQ(life_of(provider(0), kReceived, protocol).expires, kReceived + 120s);
  protocol.expiry = false;
  EXPECT_EQ(life_of(provider(30), kReceived, protocol).expires, kTimeMax);
}

TEST(RecordStoreLife, WhatHasEndedIsNotServedAndDroppedByTheSweep) {
  RecordStore store;
  ASSERT_EQ(store.put(kKey, offer_of(unsigned_record("x", 1000), kReceived), kReceived),
            Outcome::stored);
  EXPECT_TRUE(store.holds(kKey, kReceived + 999ms));
  EXPECT_FALSE(store.holds(kKey, kReceived + 1s));
  EXPECT_TRUE(store.values(kKey, kReceived + 1s).empty());
  EXPECT_NE(store.find(kKey), nullptr);
  EXPECT_EQ(store.drop_expired({}, 10, kReceived + 999ms), std::nullopt);
  EXPECT_NE(store.find(kKey), nullptr);
  EXPECT_EQ(store.drop_expired({}, 10, kReceived + 1s), std::nullopt);
  EXPECT_EQ(store.find(kKey), nullptr);
  EXPECT_EQ(store.bytes(), 0U);
  EXPECT_EQ(store.violation(), std::nullopt);
  EXPECT_EQ(store.put(kKey, offer_of(unsigned_record("x", 1000, 1000), kReceived), kReceived),
            Outcome::expired);
}

TEST(RecordStoreLife, APassedOnCopyRenewsNothing) {
  RecordStore store;
  store.put(kKey, offer_of(unsigned_record("x"), kReceived), kReceived);
  // 50 ms on the way: it seems to have been published later by as much.
  const Time later = kReceived + 100s;
  EXPECT_EQ(store.put(kKey, offer_of(unsigned_record("x", 300'000, 99'950), later), later),
            Outcome::known);
  EXPECT_EQ(store.find(kKey)->front().expires, kReceived + 300s);
  // Its publisher does.
  EXPECT_EQ(store.put(kKey, offer_of(unsigned_record("x"), later), later), Outcome::stored);
  EXPECT_EQ(store.find(kKey)->front().expires, later + 300s);
}

TEST(RecordStoreLife, SignersHaveEntriesOfTheirOwnAndWithdrawnOnesAreKeptButNotServed) {
  RecordStore store;
  for (const int owner : {0, 1}) {
    store.put(kKey, offer_of(signed_record(kKey, std::to_string(owner), 5, owner), kReceived),
              kReceived);
  }
  store.put(kKey, offer_of(unsigned_record("x"), kReceived), kReceived);
  EXPECT_EQ(store.values(kKey, kReceived).size(), 3U);
  EXPECT_EQ(store.put(kKey, offer_of(signed_record(kKey, "0", 6, 0, true), kReceived), kReceived),
            Outcome::stored);
  EXPECT_EQ(store.values(kKey, kReceived).size(), 2U);
  EXPECT_EQ(store.put(kKey, offer_of(signed_record(kKey, "0", 5, 0), kReceived), kReceived),
            Outcome::older);
  EXPECT_EQ(store.values(kKey, kReceived).size(), 2U);
}

TEST(RecordStoreLife, OneOriginMayTakeItsShareAndNoMore) {
  RecordStore::Limits limits;
  limits.keys = 8;
  limits.origin_share_ppm = 250'000;
  RecordStore store(limits);
  const auto put = [&](const std::string& name, int owner) {
    const Key key = hash_id(name);
    return store.put(key, offer_of(signed_record(key, "x", 1, owner), kReceived), kReceived);
  };
  EXPECT_EQ(put("1", 0), Outcome::stored);
  EXPECT_EQ(put("2", 0), Outcome::stored);
  EXPECT_EQ(put("3", 0), Outcome::share);
  EXPECT_EQ(put("3", 1), Outcome::stored);
  EXPECT_EQ(store.refused(), 1U);
  // A record that ends makes room.
  store.drop_expired({}, 100, kReceived + 301s);
  EXPECT_EQ(put("3", 0), Outcome::stored);
  EXPECT_EQ(store.violation(), std::nullopt);
}

TEST(RecordStoreLife, TheShareOfAnOriginIsOfBytesAsWellAsOfKeys) {
  RecordStore::Limits limits;
  limits.keys = 1000;
  limits.bytes = 20'000;
  limits.record_bytes = 9'000;
  limits.origin_share_ppm = 300'000;  // 6000 bytes
  RecordStore store(limits);
  const auto put = [&](const std::string& name, std::size_t bytes, int owner) {
    const Key key = hash_id(name);
    wire::Record record = signed_record(key, std::string(bytes, 'x'), 1, owner);
    return store.put(key, offer_of(record, kReceived), kReceived);
  };
  EXPECT_EQ(put("1", 2200, 0), Outcome::stored);
  EXPECT_EQ(put("2", 2200, 0), Outcome::stored);
  EXPECT_EQ(put("3", 2200, 0), Outcome::share);
  EXPECT_EQ(put("3", 100, 0), Outcome::stored);  // there is room for a small one
  EXPECT_EQ(put("4", 2500, 1), Outcome::stored);
  // One record is never too much of a share, but always too large.
  EXPECT_EQ(put("5", 8'000, 2), Outcome::stored);
  EXPECT_EQ(put("6", 1, 2), Outcome::share);
  EXPECT_EQ(put("7", 9'000, 3), Outcome::too_large);
  EXPECT_EQ(put("7", 5'000, 3), Outcome::stored);  // the origin that holds most gives way
  EXPECT_EQ(store.violation(), std::nullopt);
}

// ----- properties -----

struct Arrival {
  Key key;
  wire::Record record;
};

std::vector<Arrival> any_arrivals() {
  std::vector<Arrival> arrivals(*rc::gen::inRange<std::size_t>(0, 25));
  for (Arrival& arrival : arrivals) {
    arrival.key = hash_id(std::to_string(*rc::gen::inRange(0, 3)));
    const auto sequence = *rc::gen::inRange<std::uint64_t>(1, 5);
    // Now and then an owner signs two contents under one number.
    const std::string text = std::to_string(sequence) + (*rc::gen::inRange(0, 4) == 0 ? "!" : "");
    arrival.record = signed_record(arrival.key, text, sequence, *rc::gen::inRange(0, 3),
                                   *rc::gen::inRange(0, 4) == 0);
  }
  return arrivals;
}

std::vector<std::string> contents(const RecordStore& store) {
  std::vector<std::string> contents;
  for (int i = 0; i < 3; ++i) {
    const auto* entries = store.find(hash_id(std::to_string(i)));
    if (entries == nullptr) continue;
    for (const RecordStore::Entry& entry : *entries) {
      contents.push_back(std::to_string(i) + ' ' + std::to_string(entry.proof->owner[0]) + ' ' +
                         std::to_string(entry.proof->sequence) + ' ' + *entry.value->as_bytes() +
                         (entry.withdrawn ? " withdrawn" : ""));
    }
  }
  std::sort(contents.begin(), contents.end());
  return contents;
}

RC_GTEST_PROP(RecordStoreProperty, TheOrderOfArrivalChangesNothing, ()) {
  std::vector<Arrival> arrivals = any_arrivals();
  RecordStore first;
  for (const Arrival& each : arrivals)
    first.put(each.key, offer_of(each.record, kReceived), kReceived);
  for (std::size_t i = arrivals.size(); i > 1; --i) {
    std::swap(arrivals[i - 1], arrivals[*rc::gen::inRange<std::size_t>(0, i)]);
  }
  RecordStore second;
  for (const Arrival& each : arrivals)
    second.put(each.key, offer_of(each.record, kReceived), kReceived);
  RC_ASSERT(contents(first) == contents(second));
}

RC_GTEST_PROP(RecordStoreProperty, AVersionIsNeverReplacedByAnOlderOne, ()) {
  RecordStore store;
  for (const Arrival& each : any_arrivals()) {
    const auto held = [&]() -> std::uint64_t {
      if (const auto* entries = store.find(each.key)) {
        for (const RecordStore::Entry& entry : *entries) {
          if (entry.proof->owner == each.record.proof->owner) return entry.proof->sequence;
        }
      }
      return 0;
    };
    const std::uint64_t before = held();
    store.put(each.key, offer_of(each.record, kReceived), kReceived);
    RC_ASSERT(held() == std::max(before, each.record.proof->sequence));
  }
}

RC_GTEST_PROP(RecordStoreProperty, LimitsHoldUnderAnyInput, ()) {
  RecordStore::Limits limits;
  limits.keys = *rc::gen::inRange<std::size_t>(1, 5);
  limits.values_per_key = *rc::gen::inRange<std::size_t>(1, 4);
  limits.record_bytes = *rc::gen::inRange<std::size_t>(150, 400);
  limits.bytes = *rc::gen::inRange<std::size_t>(200, 2000);
  limits.origin_share_ppm = *rc::gen::inRange<std::uint32_t>(100'000, 1'000'001);
  RecordStore store(limits);
  Time now = kReceived;
  std::uint64_t refused = 0;
  const int steps = *rc::gen::inRange(0, 40);
  for (int step = 0; step < steps; ++step) {
    const Key key = hash_id(std::to_string(*rc::gen::inRange(0, 6)));
    const std::string text(*rc::gen::inRange<std::size_t>(0, 300), 'x');
    wire::Record record = unsigned_record(text, *rc::gen::inRange(1U, 5000U));
    if (*rc::gen::arbitrary<bool>()) {
      sign_record(key, record, *rc::gen::inRange<std::uint64_t>(1, 9),
                  owner_key(*rc::gen::inRange(0, 4)));
    }
    RecordStore::Offer offer = offer_of(record, now);
    offer.sender = *rc::gen::inRange<std::uint64_t>(0, 3);
    if (store.put(key, std::move(offer), now) >= Outcome::too_large) ++refused;
    now += std::chrono::milliseconds(*rc::gen::inRange(0, 1000));
    if (*rc::gen::inRange(0, 5) == 0) store.drop_expired(key, 3, now);
    EXPECT_EQ(store.violation(), std::nullopt);
  }
  RC_ASSERT(store.refused() == refused);
}

// Holders pass a record on to one another as they like, for as long as they like; messages take up
// to half a second. One lifetime after its publication, and the way of the messages, it is served
// by nobody, and after a sweep it is held by nobody.
RC_GTEST_PROP(RecordLifeProperty, NoRecordOutlivesItsPublisherByMoreThanASweep, ()) {
  const bool sign = *rc::gen::arbitrary<bool>();
  const auto lifetime = *rc::gen::inRange(1000U, 60'000U);
  wire::Record published = unsigned_record("text", lifetime);
  if (sign) sign_record(kKey, published, 1, owner_key(0));
  std::vector<RecordStore> holders(4);
  Time now = kReceived;
  Duration travelled{0};
  holders[0].put(kKey, offer_of(published, now), now);
  const int steps = *rc::gen::inRange(0, 60);
  for (int step = 0; step < steps; ++step) {
    now += std::chrono::milliseconds(*rc::gen::inRange(0, 5000));
    const auto from = *rc::gen::inRange<std::size_t>(0, 4);
    const auto to = *rc::gen::inRange<std::size_t>(0, 4);
    const auto* entries = holders[from].find(kKey);
    if (entries == nullptr || !entries->front().live(now)) continue;
    const wire::Record told = tell(entries->front(), now);
    const Duration way = std::chrono::milliseconds(*rc::gen::inRange(0, 500));
    travelled += way;
    now += way;
    holders[to].put(kKey, offer_of(told, now), now);
  }
  const Time end = kReceived + std::chrono::milliseconds(lifetime) + travelled;
  for (RecordStore& holder : holders) {
    RC_ASSERT(!holder.holds(kKey, end));
    holder.drop_expired({}, 10, end);
    RC_ASSERT(holder.find(kKey) == nullptr);
  }
}

}  // namespace
}  // namespace macula::dht
