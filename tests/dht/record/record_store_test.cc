#include "dht/record/record_store.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/dht/records.h"

namespace macula::dht {
namespace {

using wire::SharedValue;
using wire::Value;

// A value of this provider; the note tells its versions apart.
SharedValue record(const std::string& provider, const std::string& note) {
  return std::make_shared<const Value>(wire::make_map({{"node_id", {provider}}, {"note", {note}}}));
}

SharedValue plain(const std::string& text) {
  return std::make_shared<const Value>(Value{text});
}

std::vector<std::string> notes(const RecordStore& store, const Key& key) {
  std::vector<std::string> notes;
  for (const SharedValue& value : store.values(key, Time{})) {
    const Value* note = value->find("note");
    notes.push_back(note != nullptr ? *note->as_bytes() : *value->as_bytes());
  }
  return notes;
}

using Notes = std::vector<std::string>;

TEST(RecordStore, PutsANewProviderInFrontAndAKnownOneInItsPlace) {
  RecordStore store;
  EXPECT_EQ(store.find(kKey), nullptr);
  EXPECT_TRUE(store.put(kKey, record("a", "a1")));
  EXPECT_TRUE(store.put(kKey, record("b", "b1")));
  EXPECT_TRUE(store.put(kKey, record("c", "c1")));
  EXPECT_EQ(notes(store, kKey), (Notes{"c1", "b1", "a1"}));
  EXPECT_TRUE(store.put(kKey, record("b", "b2")));
  EXPECT_EQ(notes(store, kKey), (Notes{"c1", "b2", "a1"}));
  EXPECT_EQ(store.violation(), std::nullopt);
}

TEST(RecordStore, ValuesThatNameNoProviderShareOneOwner) {
  RecordStore store;
  EXPECT_TRUE(store.put(kKey, plain("first")));
  EXPECT_TRUE(store.put(kKey, plain("second")));
  EXPECT_EQ(notes(store, kKey), (Notes{"second"}));
  EXPECT_TRUE(store.put(kKey, record("a", "a1")));
  EXPECT_TRUE(store.put(kKey, plain("third")));
  EXPECT_EQ(notes(store, kKey), (Notes{"a1", "third"}));
}

TEST(RecordStore, RefusesAndCountsWhatIsOverItsLimits) {
  RecordStore::Limits limits;
  limits.keys = 2;
  limits.values_per_key = 2;
  RecordStore store(limits);
  EXPECT_TRUE(store.put(hash_id("1"), record("a", "a1")));
  EXPECT_TRUE(store.put(hash_id("2"), record("a", "a1")));
  EXPECT_FALSE(store.put(hash_id("3"), record("a", "a1")));
  EXPECT_EQ(store.find(hash_id("3")), nullptr);
  EXPECT_TRUE(store.put(hash_id("1"), record("b", "b1")));
  EXPECT_FALSE(store.put(hash_id("1"), record("c", "c1")));
  EXPECT_EQ(store.refused(), 2U);
  // A known record may still change.
  EXPECT_TRUE(store.put(hash_id("1"), record("a", "a2")));
  EXPECT_EQ(notes(store, hash_id("1")), (Notes{"b1", "a2"}));
  EXPECT_EQ(store.size(), 2U);
}

TEST(RecordStore, AThousandRegistrationsAreOneEntry) {
  RecordStore store;
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(store.put(kKey, record("a", std::to_string(i))));
  EXPECT_EQ(notes(store, kKey), (Notes{"999"}));
}

RC_GTEST_PROP(RecordStoreProperty, HoldsOneEntryAProvider, ()) {
  RecordStore::Limits limits;
  limits.keys = *rc::gen::inRange<std::size_t>(1, 4);
  limits.values_per_key = *rc::gen::inRange<std::size_t>(1, 5);
  RecordStore store(limits);
  const int steps = *rc::gen::inRange(0, 100);
  std::uint64_t refused = 0;
  for (int step = 0; step < steps; ++step) {
    const Key key = hash_id(std::to_string(*rc::gen::inRange(0, 6)));
    const std::string provider = std::to_string(*rc::gen::inRange(0, 7));
    const SharedValue value = record(provider, std::to_string(step));
    const bool stored = store.put(key, value);
    if (!stored) ++refused;
    const auto values = store.values(key, Time{});
    const bool held = std::find(values.begin(), values.end(), value) != values.end();
    RC_ASSERT(held == stored);
    EXPECT_EQ(store.violation(), std::nullopt);
  }
  RC_ASSERT(store.refused() == refused);
}

}  // namespace
}  // namespace macula::dht
