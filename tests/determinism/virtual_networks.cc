// The networks of Macula (sim/macula/networks.cc) without those that real QUIC carries: the digest
// driver links no library of QUIC.
#include "base/check.h"
#include "sim/macula/net/virtual_macula_network.h"
#include "sim/macula/networks.h"
#include "sim/run/world_kind.h"

namespace macula::sim {

const std::vector<std::string_view>& macula_worlds() {
  static const std::vector<std::string_view> names{kVirtual};
  return names;
}

NetworkFactory network_in(std::string_view world) {
  MACULA_CHECK(world == kVirtual);
  return virtual_macula_network();
}

}  // namespace macula::sim
