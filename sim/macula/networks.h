// The network that carries the messages of a run of Macula in each world.
//
//   std::unique_ptr<MaculaNetwork> network = network_in(kVirtualQuic)(book, links, options);
#pragma once

#include <string_view>
#include <vector>

#include "sim/macula/net/network.h"

namespace macula::sim {

// Names, the default first (sim/run/world_kind.h).
[[nodiscard]] const std::vector<std::string_view>& macula_worlds();
// The factory of one of them.
[[nodiscard]] NetworkFactory network_in(std::string_view world);

}  // namespace macula::sim
