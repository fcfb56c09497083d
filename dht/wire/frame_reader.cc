#include "dht/wire/frame_reader.h"

namespace macula::dht::wire {

void FrameReader::feed(std::string_view chunk) {
  if (broken_) return;
  // Each byte is moved at most once for each time it is fed: only when at least as many bytes
  // before it go away.
  if (start_ > 0 && start_ >= buffer_.size() - start_) {
    buffer_.erase(0, start_);
    start_ = 0;
  }
  buffer_.append(chunk);
}

// A text that an empty one is assigned to keeps its room.
void FrameReader::restart() {
  std::string().swap(buffer_);
  start_ = 0;
  broken_ = false;
}

std::optional<tl::expected<Frame, FrameError>> FrameReader::next() {
  const std::string_view bytes = std::string_view(buffer_).substr(start_);
  if (broken_ || bytes.size() < kFrameHeader) return std::nullopt;
  const FrameHeader header = read_frame_header(bytes);
  std::optional<FrameError> fatal;
  if (header.version != kFrameVersion) {
    fatal = FrameError{FrameFault::unsupported_version, header.version, 0};
  } else if (header.length > kMaxPayload) {
    fatal = FrameError{FrameFault::payload_too_large, 0, 0};
  }
  if (fatal) {
    restart();
    broken_ = true;
    return tl::make_unexpected(*fatal);
  }

  const std::size_t size = kFrameHeader + header.length;
  if (bytes.size() < size) return std::nullopt;
  auto decoded = decode_frame(bytes.substr(0, size));
  start_ += size;
  // Bytes that were read leave their room: a stream may stay open for long.
  if (start_ == buffer_.size()) restart();
  if (!decoded) return tl::make_unexpected(decoded.error());
  return std::move(decoded->frame);
}

}  // namespace macula::dht::wire
