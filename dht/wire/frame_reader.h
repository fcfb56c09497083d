// Puts frames together from a stream of bytes that may be split and coalesced anywhere.
//
//   FrameReader reader;
//   reader.feed(chunk);
//   while (auto frame = reader.next()) {
//     if (*frame) handle(**frame); else refuse(frame->error());
//   }
//
// A frame of unknown type or with a bad payload is refused and the stream goes on behind it. After
// an unsupported version or a payload announced larger than kMaxPayload there is no telling where
// the next frame begins: the reader is broken and takes in no more. Refused at once, not waited
// for, so that what is buffered stays below one frame and one chunk where every feed is followed by
// the loop above. The time taken is linear in the bytes fed.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "dht/wire/frame.h"

namespace macula::dht::wire {

class FrameReader {
 public:
  void feed(std::string_view chunk);

  // The next whole frame, or why it is refused. Nothing while more bytes are needed, or for good
  // once the reader is broken and has said so.
  [[nodiscard]] std::optional<tl::expected<Frame, FrameError>> next();

  [[nodiscard]] bool broken() const { return broken_; }
  // Bytes of a frame that is not yet whole: at the end of a stream there should be none.
  [[nodiscard]] std::size_t buffered() const { return buffer_.size() - start_; }
  // As a new one: what was buffered is forgotten, and its room given back.
  void restart();

 private:
  std::string buffer_;
  std::size_t start_ = 0;  // what stands before has been read
  bool broken_ = false;
};

}  // namespace macula::dht::wire
