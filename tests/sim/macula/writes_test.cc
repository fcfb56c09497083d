#include "sim/macula/writes.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/dht/records.h"

namespace macula::sim {
namespace {

using namespace std::chrono_literals;

Write write_of(NodeNumber by, const std::string& value, Duration at, bool sign = false) {
  Write write;
  write.by = by;
  write.value = dht::text_value(value);
  write.at = kTimeZero + at;
  write.end = write.at + 300s;
  write.sign = sign;
  return write;
}

std::vector<std::string> current(const Writes& writes, Duration at) {
  std::vector<std::string> texts;
  for (const auto& value : writes.current(dht::kKey, kTimeZero + at))
    texts.push_back(*value->as_bytes());
  return texts;
}

using Texts = std::vector<std::string>;

TEST(Writes, TheLastCountsWhoeverPublishesAgain) {
  Writes writes;
  writes.stored(dht::kKey, write_of(1, "old", 10s));
  writes.stored(dht::kKey, write_of(2, "new", 20s));
  writes.republished(dht::kKey, 1, dht::text_value("old"), kTimeZero + 25s, kTimeZero + 900s);
  EXPECT_EQ(current(writes, 30s), Texts{"new"});
  EXPECT_EQ(writes.due(dht::kKey), kTimeZero + 320s);
  writes.republished(dht::kKey, 2, dht::text_value("new"), kTimeZero + 30s, kTimeZero + 700s);
  EXPECT_EQ(current(writes, 600s), Texts{"new"});
  EXPECT_EQ(current(writes, 700s), Texts{});
  EXPECT_EQ(writes.writers(dht::kKey), std::vector<NodeNumber>{2});
}

TEST(Writes, WhoSignsHasARecordOfItsOwn) {
  Writes writes;
  writes.stored(dht::kKey, write_of(1, "a", 10s, true));
  writes.stored(dht::kKey, write_of(2, "b", 20s, true));
  writes.stored(dht::kKey, write_of(3, "c", 30s));
  EXPECT_EQ(current(writes, 40s).size(), 3U);
  EXPECT_TRUE(writes.withdrawn(dht::kKey, 1, false, kTimeZero + 50s));
  EXPECT_FALSE(writes.withdrawn(dht::kKey, 1, false, kTimeZero + 60s));
  EXPECT_FALSE(writes.withdrawn(dht::kKey, 9, false, kTimeZero + 60s));
  EXPECT_EQ(current(writes, 60s).size(), 2U);
}

TEST(Writes, AValueIsStaleOnceItWasReplacedOrWithdrawn) {
  Writes writes;
  writes.stored(dht::kKey, write_of(1, "old", 10s));
  EXPECT_FALSE(writes.is_stale(dht::kKey, *dht::text_value("old"), kTimeZero + 15s));
  writes.stored(dht::kKey, write_of(2, "new", 20s));
  // A find that began before the write may return either.
  EXPECT_FALSE(writes.is_stale(dht::kKey, *dht::text_value("old"), kTimeZero + 20s));
  EXPECT_TRUE(writes.is_stale(dht::kKey, *dht::text_value("old"), kTimeZero + 21s));
  EXPECT_FALSE(writes.is_stale(dht::kKey, *dht::text_value("new"), kTimeZero + 21s));
  EXPECT_FALSE(writes.is_stale(dht::kKey, *dht::text_value("never written"), kTimeZero + 21s));
  static_cast<void>(writes.withdrawn(dht::kKey, 2, false, kTimeZero + 30s));
  EXPECT_TRUE(writes.is_stale(dht::kKey, *dht::text_value("new"), kTimeZero + 31s));
  // Stored once more it is what counts.
  writes.stored(dht::kKey, write_of(1, "old", 40s));
  EXPECT_FALSE(writes.is_stale(dht::kKey, *dht::text_value("old"), kTimeZero + 50s));
}

}  // namespace
}  // namespace macula::sim
