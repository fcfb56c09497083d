// What a metric is shown: one thing that happened, as its recorder saw it.
//
//   std::optional<std::int64_t> table_size(const Sight& sight, const Metric&) {
//     return sight.world.up(sight.node) ? size_of(sight.world.node(sight.node)) : nothing;
//   }
//
// Which fields are set depends on what the metric watches (sim/scenario/metric.h).
#pragma once

#include <cstdint>
#include <string>

#include "sim/run/operation.h"
#include "sim/run/world.h"

namespace macula::sim {

struct Sight {
  World& world;
  Time time;                           // by which it falls into windows
  const std::string* label = nullptr;  // of ended, unfinished and aged
  NodeNumber node = kNoNode;           // of served and member; of sent, the receiver
  NodeNumber from = kNoNode;           // of handed and sent
  NodeNumber to = kNoNode;
  const Operation* operation = nullptr;         // of ended and unfinished
  const dht::wire::Message* message = nullptr;  // of handed and sent
  bool passed_on = false;                       // of handed: by a gateway, and is no answer
  std::uint64_t bytes = 0;                      // of chore
  Duration age{0};                              // of aged: since it was stored
  bool lost = false;                            // of aged: no live node holds it
};

// The RPC_ROUTE that a node sends by itself, rather than passes on for a node behind it; null: it
// is none.
[[nodiscard]] const dht::wire::RpcRoute* sent_route(World& world, NodeNumber from,
                                                    const dht::wire::Message& message);
// The call in it; null: it carries another message.
[[nodiscard]] const dht::wire::Call* call_in(const dht::wire::RpcRoute& route);

}  // namespace macula::sim
