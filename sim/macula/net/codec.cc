#include "sim/macula/net/codec.h"

#include "sim/macula/net/byte_stream.h"

namespace macula::sim {

bool MaculaCodec::recode(dht::wire::Message& message, dht::ContactRef from,
                         std::optional<std::uint64_t> chunks) const {
  return pass_through_bytes(message, from, *book_, chunks);
}

dht::wire::Message MaculaCodec::greeting(dht::ContactRef self) const {
  dht::wire::Connect connect;
  connect.node_id = book_->id(self);
  return connect;
}

}  // namespace macula::sim
