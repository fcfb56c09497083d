#include "sim/macula/networks.h"

#include <memory>

#include "base/check.h"
#include "sim/macula/net/virtual_macula_network.h"
#include "sim/quic/carrier.h"
#include "sim/quic/loopback_carrier.h"
#include "sim/quic/quic_network.h"
#include "sim/run/world_kind.h"

namespace macula::sim {
namespace {

template <typename SomeCarrier>
NetworkFactory quic_network() {
  return [](dht::ContactBook& book, const LinkModel& links, const NetworkOptions& options) {
    return std::make_unique<QuicNetwork>(book, links, options, std::make_unique<SomeCarrier>());
  };
}

}  // namespace

const std::vector<std::string_view>& macula_worlds() {
  static const std::vector<std::string_view> names{kVirtual, kVirtualQuic, kQuic};
  return names;
}

NetworkFactory network_in(std::string_view world) {
  if (world == kVirtualQuic) return quic_network<VirtualCarrier>();
  if (world == kQuic) return quic_network<LoopbackCarrier>();
  MACULA_CHECK(world == kVirtual);
  return virtual_macula_network();
}

}  // namespace macula::sim
