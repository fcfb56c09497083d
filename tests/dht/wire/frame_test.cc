#include "dht/wire/frame.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "base/hex.h"
#include "dht/wire/codec.h"
#include "tests/dht/wire/any_message.h"

namespace macula::dht::wire {
namespace {

FrameError error_of(std::string_view bytes) {
  const auto decoded = decode_frame(bytes);
  EXPECT_FALSE(decoded);
  return decoded ? FrameError{} : decoded.error();
}

std::string bytes_of(std::string_view hex) {
  return from_hex(hex).value();
}

RC_GTEST_PROP(Frame, OfAnyTypeAndValueIsReadBack, ()) {
  const Frame frame{*rc::gen::element(Type::ping, Type::swim_ack, Type::store, Type::relay),
                    any_value()};
  const std::string bytes = encode_frame(frame.type, frame.payload);
  const auto decoded = decode_frame(bytes + "and what follows");
  RC_ASSERT(decoded.has_value());
  RC_ASSERT(decoded->frame == frame);
  RC_ASSERT(decoded->size == bytes.size());
}

// Noise behind a good header, so that it gets as far as the payload and the fields.
RC_GTEST_PROP(Frame, NoiseNeverDoesHarm, (const std::string& noise)) {
  std::string bytes = std::string(kFrameHeader, '\0') + noise;
  write_frame_header(bytes, *rc::gen::element(Type::connect, Type::call, Type::find_node_reply,
                                              Type::store, Type::find_value_reply, Type::relay));
  const auto decoded = decode_frame(bytes);
  if (!decoded) {
    RC_ASSERT(decoded.error().fault == FrameFault::msgpack_decode_error);
    return;
  }
  ContactBook book;
  const auto message = decode(decoded->frame.type, decoded->frame.payload, book);
  if (!message) RC_ASSERT(!message.error().reason.empty());
}

// One byte of a good frame changed: it is refused, or read as something that can be sent again.
RC_GTEST_PROP(Frame, ADamagedFrameIsRefusedOrRead, ()) {
  ContactBook book;
  std::string bytes = encode(any_message(book), book);
  bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = *rc::gen::arbitrary<char>();
  const auto decoded = decode_frame(bytes);
  if (!decoded) return;
  const auto message = decode(decoded->frame.type, decoded->frame.payload, book);
  if (message) RC_ASSERT(encoded_size(*message, book) == encode(*message, book).size());
}

TEST(Frame, FaultsAreLookedForInTheirOrder) {
  EXPECT_EQ(error_of(bytes_of("02ff0000000000")).fault, FrameFault::invalid_header);
  const FrameError version = error_of(bytes_of("02ff000000000009"));
  EXPECT_EQ(version.fault, FrameFault::unsupported_version);
  EXPECT_EQ(version.value, 2);
  EXPECT_EQ(error_of(bytes_of("01ff000000000009")).fault, FrameFault::incomplete_payload);
  const FrameError type = error_of(bytes_of("01ff000000000001c1"));
  EXPECT_EQ(type.fault, FrameFault::unknown_type);
  EXPECT_EQ(type.value, 255);
  EXPECT_EQ(type.size, 9u);
  EXPECT_EQ(error_of(bytes_of("0140000000000001c1")).fault, FrameFault::msgpack_decode_error);
}

TEST(Frame, BytesWithinTheFrameBehindItsValueAreRefused) {
  const FrameError error = error_of(bytes_of("014000000000000207ff"));
  EXPECT_EQ(error.fault, FrameFault::msgpack_decode_error);
  EXPECT_EQ(error.size, 10u);
}

TEST(Frame, AClaimedLengthIsNotBelieved) {
  EXPECT_EQ(error_of(bytes_of("01400000ffffffff")).fault, FrameFault::incomplete_payload);
}

TEST(Frame, ThePayloadHasALimit) {
  const std::size_t bin32_header = 5;
  const Value fits{Bytes(kMaxPayload - bin32_header, 'x')};
  const Value too_large{Bytes(kMaxPayload - bin32_header + 1, 'x')};
  EXPECT_TRUE(decode_frame(encode_frame(Type::store, fits)));
  EXPECT_EQ(error_of(encode_frame(Type::store, too_large)).fault, FrameFault::payload_too_large);
}

TEST(Frame, TypesAreThoseOfTheProtocol) {
  const std::set<int> known = {0x01, 0x02, 0x03, 0x04, 0x10, 0x11, 0x12, 0x13,
                               0x20, 0x21, 0x22, 0x23, 0x30, 0x31, 0x32, 0x40,
                               0x41, 0x42, 0x43, 0x44, 0x48, 0x49, 0x4a};
  std::set<std::string_view> names;
  for (int number = 0; number < 256; ++number) {
    const auto type = type_from_number(static_cast<std::uint8_t>(number));
    ASSERT_EQ(type.has_value(), known.count(number) == 1) << number;
    if (!type) continue;
    EXPECT_EQ(static_cast<int>(*type), number);
    EXPECT_EQ(type_from_name(type_name(*type)), type);
    names.insert(type_name(*type));
  }
  EXPECT_EQ(names.size(), known.size());
  EXPECT_FALSE(type_from_name("find_nod"));
}

}  // namespace
}  // namespace macula::dht::wire
