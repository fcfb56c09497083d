#include "sim/macula/versions.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/dht/records.h"

namespace macula::sim {
namespace {

using namespace std::chrono_literals;

using Values = std::vector<dht::wire::SharedValue>;

constexpr Versions::Origin kNobody{kNoNode, kNoNode};

class VersionsTest : public testing::Test {
 protected:
  void write(Duration at, const std::string& value, Duration end = 1h,
             const Versions::Origin& origin = kNobody) {
    versions.add(dht::kKey, origin, {kTimeZero + at, dht::text_value(value), kTimeZero + end});
  }
  void withdraw(Duration at, const std::string& value) {
    versions.add(
        dht::kKey, kNobody,
        {kTimeZero + at, dht::text_value(value), kTimeZero + 1h, false, /*withdrawn=*/true});
  }
  // All holders are seen to know the newest.
  void settle(Duration at) {
    versions.settle(dht::kKey, kTimeZero + at, 15s, [](const Version&) { return true; });
  }
  // By a find that lasts for a second.
  bool right(Duration began, const std::vector<std::string>& texts, Duration memory = 0s) const {
    Values values;
    for (const std::string& each : texts) values.push_back(dht::text_value(each));
    return versions.may_return(dht::kKey, values,
                               {kTimeZero + began, kTimeZero + began + 1s, 15s, memory});
  }

  Versions versions;
};

TEST_F(VersionsTest, WhereNothingWasWrittenNothingIsRight) {
  EXPECT_TRUE(right(1s, {}));
  EXPECT_FALSE(right(1s, {"a"}));
}

TEST_F(VersionsTest, AllThatCountedWhileItLastedIsRight) {
  write(100s, "old");
  write(200s, "new");
  EXPECT_TRUE(right(199500ms, {"old"}));
  EXPECT_TRUE(right(199500ms, {"new"}));
  EXPECT_FALSE(right(198s, {"new"}));  // it ended before that was written
  EXPECT_FALSE(right(199500ms, {"old", "new"}));
  EXPECT_FALSE(right(199500ms, {"another"}));
  EXPECT_FALSE(right(199500ms, {}));
}

TEST_F(VersionsTest, TheVersionBeforeIsRightUntilAllHoldersKnowTheNewOne) {
  write(100s, "old");
  settle(101s);
  write(200s, "new");
  EXPECT_TRUE(right(214s, {"old"}));
  settle(202s);
  EXPECT_TRUE(right(202s, {"old"}));
  EXPECT_FALSE(right(203s, {"old"}));
  EXPECT_TRUE(right(203s, {"new"}));
  // Copies of it may be met for a while.
  EXPECT_TRUE(right(222s, {"old"}, 20s));
  EXPECT_FALSE(right(223s, {"old"}, 20s));
}

TEST_F(VersionsTest, AVersionThatDoesNotArriveInTimeIsLate) {
  write(100s, "old");
  write(200s, "new");
  versions.settle(dht::kKey, kTimeZero + 210s, 15s, [](const Version&) { return false; });
  EXPECT_TRUE(right(215s, {"old"}));
  EXPECT_FALSE(right(216s, {"old"}));
  EXPECT_FALSE(right(116s, {}));  // neither is the first one
}

TEST_F(VersionsTest, WhatWasReplacedTwiceIsLongGone) {
  write(100s, "a");
  write(200s, "b");
  settle(201s);
  write(230s, "c");
  EXPECT_FALSE(right(235s, {"a"}, 20s));
  EXPECT_TRUE(right(235s, {"b"}, 20s));
}

TEST_F(VersionsTest, AWithdrawalIsAVersion) {
  write(100s, "a");
  settle(101s);
  withdraw(200s, "a");
  EXPECT_TRUE(right(201s, {}));
  EXPECT_TRUE(right(201s, {"a"}));
  settle(202s);
  EXPECT_FALSE(right(203s, {"a"}));
  write(300s, "a");
  EXPECT_TRUE(right(301s, {"a"}));
  settle(302s);
  EXPECT_FALSE(right(303s, {}));
}

TEST_F(VersionsTest, WhatIsPublishedAnewUnchangedGoesOn) {
  write(100s, "a", 400s);
  settle(101s);
  write(340s, "a", 640s);
  EXPECT_TRUE(right(450s, {"a"}));
  EXPECT_FALSE(right(450s, {}));
  EXPECT_TRUE(right(640s, {}));
  EXPECT_TRUE(right(655s, {"a"}));  // late by its messages
  EXPECT_FALSE(right(656s, {"a"}));
}

TEST_F(VersionsTest, EachOriginHasItsOwn) {
  write(100s, "one", 1h, {1, kNoNode});
  write(100s, "two", 1h, {2, kNoNode});
  settle(101s);
  EXPECT_TRUE(right(150s, {"two", "one"}));
  EXPECT_FALSE(right(150s, {"one"}));
  write(200s, "two, later", 1h, {2, kNoNode});
  EXPECT_TRUE(right(201s, {"one", "two"}));
  EXPECT_TRUE(right(201s, {"one", "two, later"}));
  EXPECT_FALSE(right(201s, {"one", "two", "two, later"}));
}

}  // namespace
}  // namespace macula::sim
