#include "dht/wire/frame_reader.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/hex.h"
#include "tests/dht/wire/any_message.h"

namespace macula::dht::wire {
namespace {

using Result = tl::expected<Frame, FrameError>;

std::vector<Result> drain(FrameReader& reader) {
  std::vector<Result> results;
  while (auto result = reader.next()) results.push_back(std::move(*result));
  return results;
}

std::vector<Result> feed(FrameReader& reader, std::string_view hex) {
  reader.feed(from_hex(hex).value());
  return drain(reader);
}

RC_GTEST_PROP(FrameReader, GivesTheSameFramesHoweverTheStreamIsCut, ()) {
  std::vector<Frame> sent(*rc::gen::inRange<std::size_t>(0, 8));
  std::string stream;
  for (Frame& frame : sent) {
    frame = {Type::store, any_value()};
    stream += encode_frame(frame.type, frame.payload);
  }

  FrameReader reader;
  std::vector<Frame> received;
  const bool drained_at_once = any_flag();
  const auto take_all = [&] {
    for (Result& result : drain(reader)) {
      RC_ASSERT(result.has_value());
      received.push_back(std::move(*result));
    }
  };
  std::string_view rest = stream;
  while (!rest.empty()) {
    // Mostly a few bytes, so that headers are cut, too; now and then several frames at once.
    const std::size_t most = any_flag() ? 10 : 10000;
    const auto size = std::min(*rc::gen::inRange<std::size_t>(0, most), rest.size());
    reader.feed(rest.substr(0, size));
    rest.remove_prefix(size);
    if (drained_at_once) take_all();
  }
  take_all();
  RC_ASSERT(received == sent);
  RC_ASSERT(reader.buffered() == 0u);
}

TEST(FrameReader, GoesOnBehindAFrameItRefuses) {
  FrameReader reader;
  const auto results = feed(reader,
                            "01ff000000000001c0"
                            "0140000000000001c1"
                            "014000000000000107");
  ASSERT_EQ(results.size(), 3u);
  EXPECT_EQ(results[0].error().fault, FrameFault::unknown_type);
  EXPECT_EQ(results[1].error().fault, FrameFault::msgpack_decode_error);
  EXPECT_EQ(results[2]->payload, Value{std::uint64_t{7}});
}

TEST(FrameReader, IsBrokenByAnUnknownVersion) {
  FrameReader reader;
  const auto results = feed(reader,
                            "0240000000000001c0"
                            "014000000000000107");
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].error().fault, FrameFault::unsupported_version);
  EXPECT_EQ(results[0].error().value, 2);
  EXPECT_TRUE(reader.broken());
  EXPECT_TRUE(feed(reader, "014000000000000107").empty());
  EXPECT_EQ(reader.buffered(), 0u);
}

TEST(FrameReader, RefusesAHugePayloadWithoutWaitingForIt) {
  FrameReader reader;
  EXPECT_TRUE(feed(reader, "0140000000100000").empty());  // the largest that is allowed
  EXPECT_FALSE(reader.broken());
  for (const char* header : {"0140000000100001", "01400000ffffffff"}) {
    FrameReader fresh;
    const auto results = feed(fresh, header);
    ASSERT_EQ(results.size(), 1u) << header;
    EXPECT_EQ(results[0].error().fault, FrameFault::payload_too_large);
    EXPECT_TRUE(fresh.broken());
  }
}

TEST(FrameReader, SaysHowMuchOfAFrameIsMissingItsEnd) {
  FrameReader reader;
  EXPECT_EQ(feed(reader,
                 "014000000000000107"
                 "014000")
                .size(),
            1u);
  EXPECT_EQ(reader.buffered(), 3u);
  EXPECT_EQ(feed(reader, "0000000001").size(), 0u);
  EXPECT_EQ(feed(reader, "07").size(), 1u);
  EXPECT_EQ(reader.buffered(), 0u);
}

// Frames taken out half as fast as they come in: a reader that moved all that is left for each of
// them would move terabytes here, and run into the time limit of the tests.
TEST(FrameReader, TakesTimeLinearInTheBytesFed) {
  const std::string frame = encode_frame(Type::ping, {std::uint64_t{7}});
  FrameReader reader;
  std::size_t received = 0;
  for (int i = 0; i < 1000000; ++i) {
    reader.feed(frame);
    reader.feed(frame);
    if (reader.next()) ++received;
  }
  received += drain(reader).size();
  EXPECT_EQ(received, 2000000u);
}

}  // namespace
}  // namespace macula::dht::wire
