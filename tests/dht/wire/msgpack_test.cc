#include "dht/wire/msgpack.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/hex.h"
#include "tests/dht/wire/any_message.h"

namespace macula::dht::wire {
namespace {

std::optional<Value> unpack_hex(std::string_view hex) {
  return unpack(from_hex(hex).value());
}

std::string pack_hex(const Value& value) {
  return to_hex(pack(value));
}

RC_GTEST_PROP(Msgpack, UnpackingUndoesPacking, ()) {
  const Value value = any_value();
  const std::string bytes = pack(value);
  RC_ASSERT(packed_size(value) == bytes.size());
  const auto again = unpack(bytes);
  RC_ASSERT(again.has_value());
  RC_ASSERT(*again == value);
  RC_ASSERT(hash_value(*again) == hash_value(value));
}

RC_GTEST_PROP(Msgpack, AShortenedValueIsRefused, ()) {
  std::string bytes = pack(any_value());
  bytes.resize(*rc::gen::inRange<std::size_t>(0, bytes.size()));
  RC_ASSERT(!unpack(bytes).has_value());
}

RC_GTEST_PROP(Msgpack, WhateverIsReadFromNoiseIsWrittenAndReadAgain, (const std::string& noise)) {
  const auto value = unpack(noise);
  if (value) RC_ASSERT(unpack(pack(*value)) == value);
}

TEST(Msgpack, SendsTheFormsOfMacula) {
  EXPECT_EQ(pack_hex({Array{}}), "a0");
  EXPECT_EQ(pack_hex({Bytes{}}), "c400");
  EXPECT_EQ(pack_hex({Map{}}), "80");
  EXPECT_EQ(pack_hex({Bytes(256, 'x')}).substr(0, 6), "c50100");
  EXPECT_EQ(pack_hex({5.0}), "cb4014000000000000");
  EXPECT_EQ(pack_hex({-3.0}), "cbc008000000000000");
  EXPECT_EQ(pack_hex({true}) + pack_hex({false}) + pack_hex({Nil{}}), "c3c2c0");
}

TEST(Msgpack, SendsIntegersInTheirShortestForm) {
  const std::pair<std::int64_t, const char*> forms[] = {{0, "00"},
                                                        {127, "7f"},
                                                        {128, "cc80"},
                                                        {255, "ccff"},
                                                        {256, "cd0100"},
                                                        {65535, "cdffff"},
                                                        {65536, "ce00010000"},
                                                        {4294967296, "cf0000000100000000"},
                                                        {-1, "ff"},
                                                        {-32, "e0"},
                                                        {-33, "d0df"},
                                                        {-128, "d080"},
                                                        {-129, "d1ff7f"},
                                                        {-32769, "d2ffff7fff"},
                                                        {-2147483649, "d3ffffffff7fffffff"}};
  for (const auto& [number, hex] : forms) EXPECT_EQ(pack_hex(make_integer(number)), hex);
}

TEST(Msgpack, ReadsOtherFormsOfTheSame) {
  EXPECT_EQ(unpack_hex("a161"), Value{Bytes("a")});
  EXPECT_EQ(unpack_hex("d90161"), Value{Bytes("a")});
  EXPECT_EQ(unpack_hex("90"), Value{Array{}});
  EXPECT_EQ(unpack_hex("a0"), Value{Array{}});
  EXPECT_EQ(unpack_hex("d900"), Value{Array{}});
  EXPECT_EQ(unpack_hex("dc0000"), Value{Array{}});
  EXPECT_EQ(unpack_hex("d005"), Value{std::uint64_t{5}});
  EXPECT_EQ(unpack_hex("cf0000000000000005"), Value{std::uint64_t{5}});
  EXPECT_EQ(unpack_hex("ca40a00000"), Value{5.0});
  EXPECT_EQ(unpack_hex("81a161a162"), (Value{Map{{"a", {Bytes("b")}}}}));
  EXPECT_EQ(unpack_hex("81a001"), (Value{Map{{"", {std::uint64_t{1}}}}}));
}

TEST(Msgpack, SortsTheKeysOfAMapAndKeepsTheLastOfEqualOnes) {
  const Value sorted{Map{{"a", {std::uint64_t{3}}}, {"b", {std::uint64_t{1}}}}};
  EXPECT_EQ(unpack_hex("83c4016201c4016102c4016103"), sorted);
  EXPECT_EQ(unpack_hex("83c4016101c4016103c4016201"), sorted);
}

TEST(Msgpack, RefusesWhatIsNotOneMaculaValue) {
  const std::pair<const char*, const char*> bad[] = {
      {"", "nothing"},
      {"c1", "the byte that is never used"},
      {"0101", "two values"},
      {"d40101", "fixext"},
      {"c70101ff", "ext"},
      {"8101", "a key without a value"},
      {"810102", "an integer as a key"},
      {"81c0c0", "nil as a key"},
      {"818001", "a map as a key"},
      {"819001", "a list as a key"},
      {"9281c4016101d40101", "an ext type inside"},
      {"ca7fc00000", "a float32 that is no number"},
      {"cb7ff0000000000000", "an infinite float"},
  };
  for (const auto& [hex, why] : bad) EXPECT_FALSE(unpack_hex(hex)) << why;
}

TEST(Msgpack, RefusesHeadersThatClaimMoreThanThereIs) {
  for (const char* hex :
       {"ddffffffff", "dfffffffff", "dcffff00", "deffff00", "c6ffffffff", "c5ffff00", "dbffffffff",
        "9f00", "8f00", "91ddffffffff", "92dd0000000a00"}) {
    EXPECT_FALSE(unpack_hex(hex)) << hex;
  }
}

TEST(Msgpack, RefusesNestingBeyondTheLimit) {
  const auto nested = [](const char* opening, std::size_t depth) {
    std::string bytes;
    for (std::size_t i = 0; i < depth; ++i) bytes += opening;
    return bytes + '\x01';
  };
  for (const char* opening : {"\x91", "\x81\xa1x"}) {
    EXPECT_TRUE(unpack(nested(opening, kMaxDepth)));
    EXPECT_FALSE(unpack(nested(opening, kMaxDepth + 1)));
    EXPECT_FALSE(unpack(nested(opening, 100000)));
  }
}

TEST(Msgpack, RefusesMoreValuesThanTheLimit) {
  const auto list_of = [](std::size_t size) { return pack({Array(size)}); };
  EXPECT_TRUE(unpack(list_of(kMaxValues)));
  EXPECT_FALSE(unpack(list_of(kMaxValues + 1)));
}

// Every value of every list counts towards one limit: were each list judged by itself, a claim
// could be repeated at every depth, and memory taken for each.
TEST(Msgpack, TheLimitIsOnTheWholePayload) {
  const Value half{Array(kMaxValues / 2)};
  EXPECT_FALSE(unpack(pack({Array{half, half}})));
  const Value less{Array(kMaxValues / 2 - 1)};
  EXPECT_TRUE(unpack(pack({Array{less, less}})));
}

}  // namespace
}  // namespace macula::dht::wire
