#include "sim/run/world_kind.h"

#include <memory>

#include "sim/macula/net/virtual_macula_network.h"

namespace macula::sim {

WorldKind virtual_world() {
  return {"virtual",
          [](dht::ContactBook& book, const LinkModel& links, const NetworkOptions& options) {
            return std::make_unique<VirtualMaculaNetwork>(book, links, options, MaculaCodec(book));
          },
          Duration{0}};
}

}  // namespace macula::sim
