// Bytes as a peer's stream: the first byte says in what pieces the others arrive. However they are
// cut, the same frames and the same refusals come out.
#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "dht/wire/frame_reader.h"

namespace macula::dht::wire {
namespace {

struct Outcome {
  std::vector<Frame> frames;
  std::vector<FrameFault> faults;
  bool broken = false;
};

Outcome read_in_pieces(std::string_view bytes, std::size_t piece) {
  FrameReader reader;
  Outcome outcome;
  while (!bytes.empty()) {
    const std::size_t size = std::min(piece, bytes.size());
    reader.feed(bytes.substr(0, size));
    bytes.remove_prefix(size);
    while (auto frame = reader.next()) {
      if (*frame) {
        outcome.frames.push_back(std::move(**frame));
      } else {
        outcome.faults.push_back(frame->error().fault);
      }
    }
    MACULA_CHECK(reader.buffered() <= kFrameHeader + kMaxPayload);
  }
  outcome.broken = reader.broken();
  return outcome;
}

void try_bytes(std::string_view bytes) {
  if (bytes.empty()) return;
  const std::size_t piece = static_cast<unsigned char>(bytes[0]) % 32 + std::size_t{1};
  bytes.remove_prefix(1);
  const Outcome whole = read_in_pieces(bytes, bytes.size());
  const Outcome cut = read_in_pieces(bytes, piece);
  MACULA_CHECK(whole.frames == cut.frames);
  MACULA_CHECK(whole.faults == cut.faults && whole.broken == cut.broken);
  for (const Frame& frame : whole.frames) {
    const auto again = decode_frame(encode_frame(frame.type, frame.payload));
    MACULA_CHECK(again && again->frame == frame);
  }
}

}  // namespace
}  // namespace macula::dht::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  macula::dht::wire::try_bytes({reinterpret_cast<const char*>(data), size});
  return 0;
}
