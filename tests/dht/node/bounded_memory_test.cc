// A node remembers only so much of others, and the least useful makes room.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "dht/node/failed_lately.h"
#include "dht/record/publications.h"
#include "dht/record/seen_versions.h"
#include "dht/table/bucket_ages.h"
#include "tests/dht/records.h"

namespace macula::dht {
namespace {

using namespace std::chrono_literals;

ContactRef ref(std::size_t number) {
  return ContactRef{static_cast<std::uint32_t>(number)};
}

TEST(FailedLately, WhoFailedLastIsTriedLastForAWhile) {
  FailedLately failed;
  for (const std::size_t number : {3U, 1U, 3U}) failed.add(ref(number), kTimeZero + 1s);
  failed.add(ref(4), kTimeZero + 2s);
  failed.remove(ref(4));
  std::vector<ContactRef> providers{ref(3), ref(2), ref(1), ref(4)};
  failed.put_last(providers, kTimeZero + FailedLately::kRemembered);
  EXPECT_EQ(providers, (std::vector<ContactRef>{ref(2), ref(4), ref(1), ref(3)}));
  providers = {ref(3), ref(2), ref(1)};
  failed.put_last(providers, kTimeZero + 1s + FailedLately::kRemembered);
  EXPECT_EQ(providers, (std::vector<ContactRef>{ref(3), ref(2), ref(1)}));
}

TEST(FailedLately, WhoFailedLongestAgoMakesRoom) {
  FailedLately failed;
  for (std::size_t i = 0; i <= FailedLately::kLimit; ++i) failed.add(ref(i), kTimeZero);
  EXPECT_EQ(failed.size(), FailedLately::kLimit);
  std::vector<ContactRef> providers{ref(1), ref(0)};
  failed.put_last(providers, kTimeZero);
  EXPECT_EQ(providers, (std::vector<ContactRef>{ref(0), ref(1)}));
}

TEST(SeenVersions, WhatEndsFirstMakesRoomAndWhatHasEndedBefore) {
  SeenVersions seen;
  const auto saw = [&](std::size_t number, Duration until, Time now) {
    const Key key = hash_id(std::to_string(number));
    seen.saw(key, signed_record(key, "x", 2), kTimeZero + until, now);
  };
  const auto known = [&](std::size_t number) {
    const Key key = hash_id(std::to_string(number));
    return seen.outdated(key, signed_record(key, "x", 1));
  };
  for (std::size_t i = 0; i < SeenVersions::kLimit; ++i) {
    const auto number = static_cast<std::int64_t>(i);
    saw(i, std::chrono::seconds(number == 5 ? 50 : number == 6 ? 60 : 100 + number), kTimeZero);
  }
  saw(7, 1s, kTimeZero);  // known: needs no room, and ends no sooner for it
  EXPECT_EQ(seen.size(), SeenVersions::kLimit);
  EXPECT_TRUE(known(5));
  saw(5000, 200s, kTimeZero);
  EXPECT_EQ(seen.size(), SeenVersions::kLimit);
  EXPECT_FALSE(known(5));
  EXPECT_TRUE(known(6));
  EXPECT_TRUE(known(7));
  saw(5001, 300s, kTimeZero + 103s);  // 0 to 3, and 6, have ended
  EXPECT_EQ(seen.size(), SeenVersions::kLimit - 4);
  EXPECT_FALSE(known(6));
  EXPECT_TRUE(known(5000));
}

TEST(Publications, HaveALimitButOneThatIsKnownIsReplaced) {
  Publications publications;
  const auto add = [&](std::uint64_t number, bool provider) {
    return publications.add({{{0, 0, 0, number}}, nullptr, provider, false, {}});
  };
  for (std::uint64_t i = 0; i < Publications::kLimit; ++i) ASSERT_NE(add(i, false), nullptr);
  EXPECT_EQ(add(Publications::kLimit, false), nullptr);
  EXPECT_EQ(add(3, true), nullptr);  // of another kind
  EXPECT_NE(add(3, false), nullptr);
  EXPECT_EQ(publications.size(), Publications::kLimit);
}

TEST(BucketAges, TheOldestIsTheFarthestOfSeveralAndTheOwnIdHasItsTurn) {
  BucketAges ages;
  EXPECT_EQ(ages.oldest(3).bucket, 0U);
  const auto touch = [&](int bucket, Duration time) { ages.touch(bucket, kTimeZero + time); };
  touch(0, 5s);
  touch(1, 7s);
  touch(2, 5s);
  EXPECT_EQ(ages.oldest(3).bucket, static_cast<std::size_t>(NodeId::kBits));
  touch(NodeId::kBits, 6s);
  EXPECT_EQ(ages.oldest(3).bucket, 0U);
  touch(0, 9s);
  EXPECT_EQ(ages.oldest(3).bucket, 2U);
  EXPECT_EQ(ages.oldest(3).time, kTimeZero + 5s);
  EXPECT_EQ(ages.oldest(2).bucket, static_cast<std::size_t>(NodeId::kBits));
  // The deepest share one place.
  touch(200, 1s);
  EXPECT_EQ(ages.oldest(100).bucket, 3U);  // never looked up
  for (int bucket = 0; bucket < 63; ++bucket) touch(bucket, 20s);
  EXPECT_EQ(ages.oldest(100).bucket, 63U);
}

}  // namespace
}  // namespace macula::dht
