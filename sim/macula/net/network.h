// The networks of a run of Macula, whatever carries their messages: sim/net for dht/wire.
//
//   std::unique_ptr<MaculaNetwork> network = make_network(book, links, options);
//   dht::Guest& node = node_on(network->host(a));
//   network->start(a, node);
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "dht/chore.h"
#include "dht/contact/contact_book.h"
#include "dht/transport.h"
#include "sim/macula/net/codec.h"
#include "sim/net/event_log.h"
#include "sim/net/network.h"
#include "sim/net/observer.h"

namespace macula::sim {

using MaculaNetwork = NetworkOf<dht::wire::Message>;
using MaculaLog = EventLogOf<dht::wire::Message, MaculaCodec>;
using NetworkEvent = EventOf<dht::wire::Message>;
using NetworkObserver = ObserverOf<dht::wire::Message>;

// Makes the network of a run. References outlive it.
using NetworkFactory = std::function<std::unique_ptr<MaculaNetwork>(
    dht::ContactBook& book, const LinkModel& links, const NetworkOptions& options)>;

// The content of EventKind::maintenance: which chore, and the bytes it has sent, in one word.
[[nodiscard]] constexpr std::uint64_t maintenance_content(dht::Chore chore, std::size_t bytes) {
  return static_cast<std::uint64_t>(chore) << 56 | bytes;
}
[[nodiscard]] constexpr dht::Chore chore_of(std::uint64_t content) {
  return dht::Chore{static_cast<std::uint8_t>(content >> 56)};
}
[[nodiscard]] constexpr std::uint64_t chore_bytes(std::uint64_t content) {
  return content & 0xffffffffffffff;
}

}  // namespace macula::sim
