#include "sim/run/sight.h"

#include <memory>
#include <variant>

namespace macula::sim {

const dht::wire::RpcRoute* sent_route(World& world, NodeNumber from,
                                      const dht::wire::Message& message) {
  const dht::wire::Message* sent = &message;
  if (const auto* relay = std::get_if<std::unique_ptr<dht::wire::Relay>>(&message)) {
    if ((*relay)->source != world.book().id(world.contact(from))) return nullptr;  // passed on
    sent = &(*relay)->payload;
  }
  return std::get_if<dht::wire::RpcRoute>(sent);
}

const dht::wire::Call* call_in(const dht::wire::RpcRoute& route) {
  return std::get_if<dht::wire::Call>(route.payload.get());
}

}  // namespace macula::sim
