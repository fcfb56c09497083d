#include "dht/wire/frame.h"

#include "base/check.h"
#include "dht/wire/msgpack.h"
#include "dht/wire/packer.h"

namespace macula::dht::wire {

std::string_view frame_fault_name(FrameFault fault) {
  switch (fault) {
    case FrameFault::invalid_header:
      return "invalid_header";
    case FrameFault::unsupported_version:
      return "unsupported_version";
    case FrameFault::incomplete_payload:
      return "incomplete_payload";
    case FrameFault::payload_too_large:
      return "payload_too_large";
    case FrameFault::unknown_type:
      return "unknown_type";
    case FrameFault::msgpack_decode_error:
      return "msgpack_decode_error";
  }
  return "unknown";
}

FrameHeader read_frame_header(std::string_view bytes) {
  MACULA_CHECK(bytes.size() >= kFrameHeader);
  FrameHeader header;
  header.version = static_cast<std::uint8_t>(bytes[0]);
  header.type = static_cast<std::uint8_t>(bytes[1]);
  for (std::size_t i = 4; i < kFrameHeader; ++i) {
    header.length = header.length << 8 | static_cast<std::uint8_t>(bytes[i]);
  }
  return header;
}

void write_frame_header(std::string& frame, Type type) {
  MACULA_CHECK(frame.size() >= kFrameHeader);
  const auto length = static_cast<std::uint32_t>(frame.size() - kFrameHeader);
  frame[0] = static_cast<char>(kFrameVersion);
  frame[1] = static_cast<char>(type);
  frame[2] = 0;
  frame[3] = 0;
  for (std::size_t i = 0; i < 4; ++i) frame[4 + i] = static_cast<char>(length >> (24 - 8 * i));
}

tl::expected<DecodedFrame, FrameError> decode_frame(std::string_view bytes) {
  const auto refuse = [](FrameFault fault, std::uint8_t value = 0, std::size_t size = 0) {
    return tl::make_unexpected(FrameError{fault, value, size});
  };
  if (bytes.size() < kFrameHeader) return refuse(FrameFault::invalid_header);
  const FrameHeader header = read_frame_header(bytes);
  if (header.version != kFrameVersion) {
    return refuse(FrameFault::unsupported_version, header.version);
  }
  if (header.length > bytes.size() - kFrameHeader) return refuse(FrameFault::incomplete_payload);
  const std::size_t size = kFrameHeader + header.length;
  if (header.length > kMaxPayload) return refuse(FrameFault::payload_too_large, 0, size);
  const auto type = type_from_number(header.type);
  if (!type) return refuse(FrameFault::unknown_type, header.type, size);
  auto payload = unpack(bytes.substr(kFrameHeader, header.length));
  if (!payload) return refuse(FrameFault::msgpack_decode_error, 0, size);
  return DecodedFrame{{*type, std::move(*payload)}, size};
}

std::string encode_frame(Type type, const Value& payload) {
  Packer<TextBuffer> packer(TextBuffer({}, kFrameHeader));
  packer.value(payload);
  std::string frame = packer.sink().take();
  write_frame_header(frame, type);
  return frame;
}

}  // namespace macula::dht::wire
