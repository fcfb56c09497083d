#include "sim/run/world_kind.h"

#include <memory>

#include "sim/net/virtual_network.h"

namespace macula::sim {

WorldKind virtual_world() {
  return {"virtual",
          [](dht::ContactBook& book, const LinkModel& links, const NetworkOptions& options) {
            return std::make_unique<VirtualNetwork>(book, links, options);
          },
          Duration{0}};
}

}  // namespace macula::sim
