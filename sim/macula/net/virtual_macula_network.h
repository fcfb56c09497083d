// The virtual network of Macula: sim/net/virtual_network.h for the messages of dht/wire.
//
//   VirtualMaculaNetwork network(book, links, options, MaculaCodec(book));
#pragma once

#include "sim/macula/net/network.h"
#include "sim/net/virtual_network.h"

namespace macula::sim {

using VirtualMaculaNetwork = VirtualNetwork<dht::wire::Message, MaculaCodec, dht::ContactBook>;

extern template class VirtualNetwork<dht::wire::Message, MaculaCodec, dht::ContactBook>;

// Makes it.
[[nodiscard]] NetworkFactory virtual_macula_network();

}  // namespace macula::sim
