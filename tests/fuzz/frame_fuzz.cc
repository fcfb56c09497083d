// Any bytes as a frame: refused, or read and written back to a frame that reads the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "dht/contact/contact_book.h"
#include "dht/wire/codec.h"
#include "dht/wire/frame.h"

namespace {

using namespace macula::dht;

void demand(bool condition) {
  if (!condition) std::abort();
}

// A valid message has the size that it says, and reads back as itself.
void check_message(const wire::Message& message, ContactBook& book) {
  const std::string bytes = wire::encode(message, book);
  demand(bytes.size() == wire::encoded_size(message, book));
  const auto frame = wire::decode_frame(bytes);
  demand(frame.has_value());
  const auto again = wire::decode(frame->frame.type, frame->frame.payload, book);
  demand(again.has_value());
  demand(wire::fingerprint(*again, book) == wire::fingerprint(message, book));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto decoded = wire::decode_frame(bytes);
  if (!decoded) return 0;
  demand(decoded->size <= bytes.size());
  const std::string written = wire::encode_frame(decoded->frame.type, decoded->frame.payload);
  const auto again = wire::decode_frame(written);
  demand(again.has_value() && again->frame == decoded->frame);
  ContactBook book(1000);
  const auto message = wire::decode(decoded->frame.type, decoded->frame.payload, book);
  if (message) check_message(*message, book);
  return 0;
}
