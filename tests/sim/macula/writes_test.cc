#include "sim/macula/writes.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace macula::sim {
namespace {

using namespace std::chrono_literals;

const dht::Key kKey = dht::hash_id("key");

dht::wire::SharedValue text(const std::string& value) {
  return std::make_shared<const dht::wire::Value>(dht::wire::Value{value});
}

Write write_of(NodeNumber by, const std::string& value, Duration at, bool sign = false) {
  Write write;
  write.by = by;
  write.value = text(value);
  write.at = kTimeZero + at;
  write.end = write.at + 300s;
  write.sign = sign;
  return write;
}

std::vector<std::string> current(const Writes& writes, Duration at) {
  std::vector<std::string> texts;
  for (const auto& value : writes.current(kKey, kTimeZero + at))
    texts.push_back(*value->as_bytes());
  return texts;
}

using Texts = std::vector<std::string>;

TEST(Writes, TheLastCountsWhoeverPublishesAgain) {
  Writes writes;
  writes.stored(kKey, write_of(1, "old", 10s));
  writes.stored(kKey, write_of(2, "new", 20s));
  writes.republished(kKey, 1, text("old"), kTimeZero + 25s, kTimeZero + 900s);
  EXPECT_EQ(current(writes, 30s), Texts{"new"});
  EXPECT_EQ(writes.due(kKey), kTimeZero + 320s);
  writes.republished(kKey, 2, text("new"), kTimeZero + 30s, kTimeZero + 700s);
  EXPECT_EQ(current(writes, 600s), Texts{"new"});
  EXPECT_EQ(current(writes, 700s), Texts{});
  EXPECT_EQ(writes.writers(kKey), std::vector<NodeNumber>{2});
}

TEST(Writes, WhoSignsHasARecordOfItsOwn) {
  Writes writes;
  writes.stored(kKey, write_of(1, "a", 10s, true));
  writes.stored(kKey, write_of(2, "b", 20s, true));
  writes.stored(kKey, write_of(3, "c", 30s));
  EXPECT_EQ(current(writes, 40s).size(), 3U);
  EXPECT_TRUE(writes.withdrawn(kKey, 1, false, kTimeZero + 50s));
  EXPECT_FALSE(writes.withdrawn(kKey, 1, false, kTimeZero + 60s));
  EXPECT_FALSE(writes.withdrawn(kKey, 9, false, kTimeZero + 60s));
  EXPECT_EQ(current(writes, 60s).size(), 2U);
}

TEST(Writes, AValueIsStaleOnceItWasReplacedOrWithdrawn) {
  Writes writes;
  writes.stored(kKey, write_of(1, "old", 10s));
  EXPECT_FALSE(writes.is_stale(kKey, *text("old"), kTimeZero + 15s));
  writes.stored(kKey, write_of(2, "new", 20s));
  // A find that began before the write may return either.
  EXPECT_FALSE(writes.is_stale(kKey, *text("old"), kTimeZero + 20s));
  EXPECT_TRUE(writes.is_stale(kKey, *text("old"), kTimeZero + 21s));
  EXPECT_FALSE(writes.is_stale(kKey, *text("new"), kTimeZero + 21s));
  EXPECT_FALSE(writes.is_stale(kKey, *text("never written"), kTimeZero + 21s));
  static_cast<void>(writes.withdrawn(kKey, 2, false, kTimeZero + 30s));
  EXPECT_TRUE(writes.is_stale(kKey, *text("new"), kTimeZero + 31s));
  // Stored once more it is what counts.
  writes.stored(kKey, write_of(1, "old", 40s));
  EXPECT_FALSE(writes.is_stale(kKey, *text("old"), kTimeZero + 50s));
}

}  // namespace
}  // namespace macula::sim
