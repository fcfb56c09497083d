#include "sim/macula/net/virtual_macula_network.h"

#include "sim/net/virtual_network_parts.h"

namespace macula::sim {

template class VirtualNetwork<dht::wire::Message, MaculaCodec, dht::ContactBook>;

}  // namespace macula::sim
