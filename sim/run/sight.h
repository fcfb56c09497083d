// The sight of a metric: one thing that happened, as its recorder saw it.
//
//     std::optional<std::int64_t> bytes(const Sight& sight, const Metric&) {
//       return sight.world.network().bytes_sent(sight.node);
//     }
//
// Which fields are set depends on what the metric watches (sim/scenario/metric.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

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
  const Operation* operation = nullptr;  // of ended and unfinished
  std::string_view message{};            // of handed and sent: its name
  std::uint64_t bytes = 0;               // of chore
  Duration age{0};                       // of aged: since it was stored
  bool lost = false;                     // of aged: no live node holds it
};

}  // namespace macula::sim
