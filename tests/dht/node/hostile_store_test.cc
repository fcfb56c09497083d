// Records that anybody may store, and their effect on the records of others.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "dht/record/provider.h"
#include "dht/wire/extent.h"
#include "dht/wire/msgpack.h"
#include "tests/dht/contacts.h"
#include "tests/dht/cpu_time.h"
#include "tests/dht/records.h"

namespace macula::dht {
namespace {

using Outcome = RecordStore::Outcome;

constexpr Time kNow = kTimeZero + std::chrono::hours(1);
constexpr std::uint64_t kFlooder = 66;

RecordStore::Limits limits_of(std::size_t keys, std::size_t bytes) {
  RecordStore::Limits limits;
  limits.keys = keys;
  limits.bytes = bytes;
  limits.record_bytes = std::size_t{512} << 10;
  limits.origin_share_ppm = 250'000;
  limits.near = numbered_id(0);
  return limits;
}

RecordStore::Offer brought_by(std::uint64_t sender, const wire::Record& record) {
  RecordStore::Offer offer = offer_of(record, kNow);
  offer.sender = sender;
  return offer;
}

wire::Record provider_record(const NodeId& provider, std::uint32_t note = 0) {
  const Contact at{provider, make_ipv4(0x0a000001 + note, 9), std::nullopt};
  wire::Record record{make_provider_record(at, kNow, std::chrono::seconds(300))};
  record.lifetime_ms = record.ttl_ms = 300'000;
  return record;
}

SigningKey numbered_key(std::uint64_t number) {
  return SigningKey(id_to_bytes(hash_id(std::to_string(number))));
}

// Signed by the key to which the id of the provider that it names is bound.
wire::Record proven_record(const Key& key, const SigningKey& owner) {
  wire::Record record = provider_record(id_of_key(owner.public_key()));
  sign_record(key, record, 1, owner);
  return record;
}

std::size_t in_memory(const wire::Value& value) {
  const auto text = [](const wire::Bytes& bytes) {
    return bytes.capacity() > 15 ? bytes.capacity() + 1 : 0;
  };
  std::size_t bytes = 0;
  if (const auto* words = value.as_bytes()) bytes = text(*words);
  if (const auto* elements = value.as_array()) {
    bytes = elements->capacity() * sizeof(wire::Value);
    for (const auto& element : *elements) bytes += in_memory(element);
  }
  if (const auto* entries = value.as_map()) {
    bytes = entries->capacity() * sizeof(wire::Entry);
    for (const auto& entry : *entries) bytes += text(entry.key) + in_memory(entry.value);
  }
  return bytes;
}

// ----- memory -----

wire::Value shape(int which, std::size_t size) {
  switch (which) {
    case 0:
      return {wire::Array(size)};
    case 1: {
      wire::Map map;
      for (std::size_t i = 0; i < size; ++i) map.push_back({std::to_string(i), {}});
      return wire::make_map(std::move(map));
    }
    case 2:
      return {wire::Array(size, wire::Value{wire::Array(1)})};
    default:
      return {std::string(size, 'x')};
  }
}

TEST(HostileStore, NoShapeOfAValueTakesMoreMemoryThanItsStoreSays) {
  for (int which = 0; which < 4; ++which) {
    RecordStore store(limits_of(65'536, std::size_t{4} << 20));
    std::size_t memory = 0;
    for (std::uint64_t i = 0; i < 400; ++i) {
      wire::Record record = unsigned_record("");
      record.value = std::make_shared<const wire::Value>(
          *wire::unpack(wire::pack(shape(which, 10'000))));  // as it comes in
      store.put(numbered_id(i + 1), brought_by(i, record), kNow);
    }
    for (std::uint64_t i = 0; i < 400; ++i) {
      for (const auto& value : store.values(numbered_id(i + 1), kNow)) memory += in_memory(*value);
    }
    EXPECT_GT(store.size(), 0U) << which;
    EXPECT_LE(memory, store.limits().bytes) << which;
    EXPECT_EQ(store.violation(), std::nullopt);
  }
}

TEST(HostileStore, AValueTooDeepForAnyAnswerIsRefused) {
  RecordStore store(limits_of(10, 1 << 20));
  const auto nested = [](std::size_t depth) {
    wire::Value value;
    for (std::size_t i = 0; i < depth; ++i) value = {wire::Array(1, value)};
    wire::Record record = unsigned_record("");
    record.value = std::make_shared<const wire::Value>(std::move(value));
    return record;
  };
  EXPECT_EQ(store.put(kKey, brought_by(1, nested(wire::kMaxStoredDepth)), kNow), Outcome::stored);
  EXPECT_EQ(store.put(hash_id("other"), brought_by(1, nested(wire::kMaxStoredDepth + 1)), kNow),
            Outcome::too_deep);
}

// ----- time -----

// Contents that may fill a list; the first is as small as it can be.
const std::vector<std::pair<const char*, wire::Map>>& contents() {
  static const auto map_of = [](std::size_t size) {
    wire::Map map;
    for (std::size_t i = 0; i < size; ++i) map.push_back({"m" + std::to_string(i), {}});
    return map;
  };
  static const std::vector<std::pair<const char*, wire::Map>> all{
      {"nothing", {}},
      {"a large map", map_of(6000)},
      {"a list of nil", {{"x", {wire::Array(20'000)}}}},
      {"a long text", {{"x", {std::string(200'000, 'x')}}}},
      {"short texts", {{"x", {wire::Array(5000, wire::Value{std::string(16, 'x')})}}}},
  };
  return all;
}

wire::Record entry_of(const wire::Map& content, std::uint64_t number) {
  wire::Map map = content;
  map.push_back({"node_id", {id_to_bytes(numbered_id(number))}});
  wire::Record record = unsigned_record("");
  record.value = std::make_shared<const wire::Value>(wire::make_map(std::move(map)));
  return record;
}

// The least time of many rounds for a put of each kind: a new version of a small record, one that
// is refused, and one that takes the place of a small one. (To forget a large one takes less than
// to read it.)
double cost_of_puts(const wire::Map& content) {
  constexpr std::uint64_t kSmall = 20;
  RecordStore store(limits_of(1000, std::size_t{512} << 20));
  for (std::uint64_t i = 0; i < RecordStore::kMostOrigins; ++i) {
    const bool small = i < kSmall;
    const auto outcome = store.put(
        kKey, brought_by(small ? kFlooder : i, entry_of(small ? wire::Map() : content, i)), kNow);
    EXPECT_EQ(outcome, Outcome::stored);
  }
  double least = 1e9;
  for (std::uint64_t round = 1; round < 15; ++round) {
    const Time now = kNow + round * 2 * RecordStore::kTransit;
    RecordStore::Offer again = offer_of(entry_of({}, kSmall - 1), now);
    again.sender = kFlooder;
    const RecordStore::Offer refused = brought_by(kFlooder, entry_of({}, 5000 + round));
    const RecordStore::Offer displaces = brought_by(6000 + round, entry_of({}, 6000 + round));
    const double begin = cpu_us();
    const Outcome outcomes[] = {store.put(kKey, again, now), store.put(kKey, refused, now),
                                store.put(kKey, displaces, now)};
    least = std::min(least, (cpu_us() - begin) / 3);
    EXPECT_EQ(outcomes[0], Outcome::stored);
    EXPECT_EQ(outcomes[1], Outcome::full);
    EXPECT_EQ(outcomes[2], Outcome::stored);
  }
  return least;
}

// To look at one value of each entry for a nanosecond would cost 128 ns; at all of a large one,
// milliseconds.
TEST(HostileStore, APutCostsTheSameWhateverItsKeyHolds) {
  const double small = cost_of_puts(contents().front().second);
  for (const auto& [name, content] : contents()) {
    const double cost = cost_of_puts(content);
    std::printf("%s: %.1f us a put, %.1f times that of nothing\n", name, cost, cost / small);
    EXPECT_LT(cost, 6 * small) << name;
  }
}

// ----- whose room -----

TEST(HostileStore, AFloodInTheNamesOfOthersTakesTheShareOfOneConnection) {
  RecordStore store(limits_of(1000, std::size_t{64} << 20));
  for (std::uint64_t i = 0; i < 2000; ++i) {
    store.put(numbered_id(i + 1), brought_by(kFlooder, provider_record(numbered_id(i + 5000))),
              kNow);
  }
  EXPECT_EQ(store.size(), 250U);
  EXPECT_EQ(store.put(kKey, brought_by(1, unsigned_record("mine")), kNow), Outcome::stored);
}

// Each record is signed by a key of its own, and its key lies nearest the holder.
TEST(HostileStore, AFullStoreGivesUpWhatItsGreatestSenderBrought) {
  RecordStore store(limits_of(500, std::size_t{64} << 20));
  for (std::uint64_t i = 0; i < 40; ++i) {
    const Key key = hash_id("honest" + std::to_string(i));
    EXPECT_EQ(store.put(key, brought_by(100 + i % 4, unsigned_record("honest")), kNow),
              Outcome::stored);
  }
  std::uint64_t taken = 0;
  for (std::uint64_t i = 0; i < 600; ++i) {
    const Key key = numbered_id(i + 1);
    const auto outcome =
        store.put(key, brought_by(kFlooder, proven_record(key, numbered_key(i))), kNow);
    taken += outcome == Outcome::stored ? 1 : 0;
  }
  EXPECT_EQ(store.size(), 500U);
  EXPECT_GE(taken, 460U);
  for (std::uint64_t i = 0; i < 40; ++i) {  // nobody else gave way
    EXPECT_TRUE(store.holds(hash_id("honest" + std::to_string(i)), kNow));
  }
  for (std::uint64_t i = 0; i < 100; ++i) {  // and newcomers are let in, whoever they are
    const Key key = hash_id("after" + std::to_string(i));
    EXPECT_EQ(store.put(key, brought_by(200 + i, unsigned_record("x")), kNow), Outcome::stored);
  }
  EXPECT_EQ(store.size(), 500U);
  EXPECT_EQ(store.violation(), std::nullopt);
}

TEST(HostileStore, OfOneSenderTheLeastProvenAndFarthestGoesFirst) {
  RecordStore store(limits_of(4, std::size_t{64} << 20));
  const Key near = numbered_id(1);
  const Key far = numbered_id(0x1000);
  const Key proven = numbered_id(0x2000);
  // Its own share is one of four; records that it signs count for others.
  EXPECT_EQ(store.put(near, brought_by(1, unsigned_record("near")), kNow), Outcome::stored);
  for (int i = 0; i < 2; ++i) {
    const Key key = i == 0 ? far : proven;
    wire::Record record =
        i == 0 ? signed_record(key, "far", 1, 1) : proven_record(key, owner_key(2));
    EXPECT_EQ(store.put(key, brought_by(1, record), kNow), Outcome::stored);
  }
  EXPECT_EQ(store.put(numbered_id(2), brought_by(2, unsigned_record("x")), kNow), Outcome::stored);
  EXPECT_EQ(store.put(numbered_id(3), brought_by(3, unsigned_record("x")), kNow), Outcome::stored);
  EXPECT_FALSE(store.holds(near, kNow));  // not signed
  EXPECT_EQ(store.put(numbered_id(4), brought_by(4, unsigned_record("x")), kNow), Outcome::stored);
  EXPECT_FALSE(store.holds(far, kNow));
  EXPECT_TRUE(store.holds(proven, kNow));
  // All have one now: a newcomer is refused.
  EXPECT_EQ(store.put(numbered_id(5), brought_by(5, unsigned_record("x")), kNow), Outcome::full);
  EXPECT_EQ(store.violation(), std::nullopt);
}

TEST(HostileStore, AProvenRecordIsLetIntoAFullListAndTheListStaysFull) {
  RecordStore store(limits_of(10, std::size_t{64} << 20));
  const Key key = service_key("calc.add");
  for (std::uint64_t i = 0; i < 200; ++i) {
    store.put(key, brought_by(i % 100, provider_record(numbered_id(i))), kNow);
  }
  ASSERT_EQ(store.entries(), RecordStore::kMostOrigins);
  const SigningKey provider = numbered_key(1);
  EXPECT_EQ(store.put(key, brought_by(7, proven_record(key, provider)), kNow), Outcome::stored);
  EXPECT_EQ(store.entries(), RecordStore::kMostOrigins);
  // And stays, whatever comes after it.
  for (std::uint64_t i = 200; i < 400; ++i) {
    store.put(key, brought_by(i, provider_record(numbered_id(i))), kNow);
  }
  const auto& entries = *store.find(key);
  EXPECT_EQ(
      std::count_if(entries.begin(), entries.end(),
                    [](const auto& entry) { return entry.standing == Standing::provider_key; }),
      1);
  EXPECT_EQ(store.violation(), std::nullopt);
}

// ----- replays -----

TEST(HostileStore, AReplayAfterTheEndOrTheWithdrawalIsRefused) {
  for (const bool withdrawn : {false, true}) {
    RecordStore store(limits_of(10, std::size_t{1} << 20));
    const wire::Record first = signed_record(kKey, "x", 7);
    EXPECT_EQ(store.put(kKey, offer_of(first, kNow), kNow), Outcome::stored);
    const wire::Record last = signed_record(kKey, "x", 8, 0, withdrawn);
    EXPECT_EQ(store.put(kKey, offer_of(last, kNow), kNow), Outcome::stored);
    Time now = kNow + std::chrono::seconds(300);
    store.drop_expired({}, 10, now);
    ASSERT_EQ(store.size(), 0U);
    // Again and again, with all of its life left, as whoever replays it says.
    for (int hour = 0; hour < 100; ++hour) {
      for (const wire::Record& replay : {first, last}) {
        EXPECT_EQ(store.put(kKey, offer_of(replay, now), now), Outcome::ended) << hour;
      }
      now += std::chrono::hours(1);
      store.drop_expired({}, 10, now);
    }
    EXPECT_EQ(store.put(kKey, offer_of(signed_record(kKey, "x", 9), now), now), Outcome::stored);
  }
}

}  // namespace
}  // namespace macula::dht
