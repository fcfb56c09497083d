#include "sim/macula/net/byte_stream.h"

#include <string>
#include <utility>

#include "dht/wire/codec.h"
#include "dht/wire/frame_reader.h"
#include "sim/engine/random.h"

namespace macula::sim {
namespace {

dht::wire::Message connect_of(const dht::Contact& contact) {
  dht::wire::Connect connect;
  connect.node_id = contact.id;
  connect.capabilities = {"rpc", "pubsub"};
  connect.endpoint = format_endpoint(contact.endpoint);
  return connect;
}

}  // namespace

bool pass_through_bytes(dht::wire::Message& message, dht::ContactRef sender, dht::ContactBook& book,
                        std::optional<std::uint64_t> chunk_seed) {
  const dht::wire::Type type = type_of(message);
  std::string bytes = encode(connect_of(book.contact(sender)), book);
  const std::size_t connect_size = bytes.size();
  bytes += encode(message, book);

  dht::wire::FrameReader reader;
  bool arrived = false;
  const auto read = [&] {
    while (const auto frame = reader.next()) {
      // A frame that is refused is a message that was lost: the scenario notices.
      if (!frame->has_value() || (*frame)->type != type) continue;
      auto decoded = decode(type, (*frame)->payload, book);
      if (!decoded) continue;
      message = std::move(*decoded);
      arrived = true;
    }
  };
  const std::string_view view = bytes;
  if (!chunk_seed) {
    reader.feed(view.substr(0, connect_size));
    read();
    reader.feed(view.substr(connect_size));
    read();
    return arrived;
  }
  RandomStream random(*chunk_seed);
  for (std::size_t start = 0; start < view.size();) {
    const std::size_t length = 1 + static_cast<std::size_t>(random.below(view.size() - start));
    reader.feed(view.substr(start, length));
    read();
    start += length;
  }
  return arrived;
}

}  // namespace macula::sim
