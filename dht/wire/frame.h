// One frame: a type and a payload, in the layout of Macula v0.1 to v2.1.1.
//
//   std::string bytes = encode_frame(Type::ping, payload);
//   auto frame = decode_frame(bytes);   // the first frame in `bytes`
//   if (!frame) std::cerr << frame_fault_name(frame.error().fault);
//
// Layout: version 01, type, flags 00, reserved 00, payload length (u32, big endian), payload (one
// MessagePack value). Flags and the reserved byte are ignored on receipt. A payload may be any
// value here; whether it is a valid message is judged by the codec. For a stream of bytes see
// dht/wire/frame_reader.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "dht/wire/message.h"
#include "dht/wire/value.h"

namespace macula::dht::wire {

inline constexpr std::size_t kFrameHeader = 8;
inline constexpr std::uint8_t kFrameVersion = 1;
// Bytes of the largest payload that is read.
inline constexpr std::size_t kMaxPayload = std::size_t{1} << 20;

struct Frame {
  Type type = Type::ping;
  Value payload;

  friend bool operator==(const Frame& a, const Frame& b) {
    return a.type == b.type && a.payload == b.payload;
  }
};

// In the order in which they are looked for.
enum class FrameFault : std::uint8_t {
  invalid_header,       // fewer than 8 bytes
  unsupported_version,  // `value` is the version
  incomplete_payload,   // fewer bytes than the header announces
  payload_too_large,    // more bytes than kMaxPayload
  unknown_type,         // `value` is the type
  msgpack_decode_error,
};

struct FrameError {
  FrameFault fault = FrameFault::invalid_header;
  std::uint8_t value = 0;  // for unsupported_version and unknown_type
  std::size_t size = 0;    // bytes of the refused frame, 0 where its end is not known
};

// "invalid_header": the name used in output.
[[nodiscard]] std::string_view frame_fault_name(FrameFault fault);

struct DecodedFrame {
  Frame frame;
  std::size_t size = 0;  // bytes it took, header included
};

// The first frame in `bytes`, all of which is there or it is refused.
[[nodiscard]] tl::expected<DecodedFrame, FrameError> decode_frame(std::string_view bytes);

[[nodiscard]] std::string encode_frame(Type type, const Value& payload);

// The content of the header, read once its 8 bytes are there.
struct FrameHeader {
  std::uint8_t version = 0;
  std::uint8_t type = 0;
  std::uint32_t length = 0;  // of the payload
};
// `bytes` holds at least kFrameHeader bytes.
[[nodiscard]] FrameHeader read_frame_header(std::string_view bytes);
// Fills in the header at the start of `frame`, whose payload stands after kFrameHeader bytes.
void write_frame_header(std::string& frame, Type type);

}  // namespace macula::dht::wire
