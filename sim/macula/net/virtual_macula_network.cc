#include "sim/macula/net/virtual_macula_network.h"

#include <memory>

#include "sim/net/virtual_network_parts.h"

namespace macula::sim {

template class VirtualNetwork<dht::wire::Message, MaculaCodec, dht::ContactBook>;

NetworkFactory virtual_macula_network() {
  return [](dht::ContactBook& book, const LinkModel& links, const NetworkOptions& options) {
    return std::make_unique<VirtualMaculaNetwork>(book, links, options, MaculaCodec(book));
  };
}

}  // namespace macula::sim
