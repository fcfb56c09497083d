// A type and a payload from a peer: a message that is read from it can be sent again, and is then
// the same message, of the size and with the fingerprint that were computed without encoding it.
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "dht/wire/codec.h"
#include "dht/wire/frame.h"
#include "dht/wire/msgpack.h"

namespace macula::dht::wire {
namespace {

void try_payload(std::string_view bytes) {
  if (bytes.empty()) return;
  const auto type = type_from_number(static_cast<std::uint8_t>(bytes[0]));
  const auto payload = unpack(bytes.substr(1));
  if (!type || !payload) return;

  const std::string packed = pack(*payload);
  MACULA_CHECK(packed_size(*payload) == packed.size());
  const auto unpacked = unpack(packed);
  MACULA_CHECK(unpacked && *unpacked == *payload);
  MACULA_CHECK(hash_value(*unpacked) == hash_value(*payload));

  ContactBook book;
  const auto message = decode(*type, *payload, book);
  if (!message) {
    MACULA_CHECK(!message.error().reason.empty());
    return;
  }
  const std::string sent = encode(*message, book);
  MACULA_CHECK(encoded_size(*message, book) == sent.size());
  const auto frame = decode_frame(sent);
  MACULA_CHECK(frame && frame->frame.type == *type);
  ContactBook other;
  const auto again = decode(*type, frame->frame.payload, other);
  MACULA_CHECK(again);
  MACULA_CHECK(fingerprint(*again, other) == fingerprint(*message, book));
  MACULA_CHECK(encode(*again, other) == sent);
}

}  // namespace
}  // namespace macula::dht::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  macula::dht::wire::try_payload({reinterpret_cast<const char*>(data), size});
  return 0;
}
