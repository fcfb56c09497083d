// Metrics of kind `state`: read off the nodes at one instant.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/run/operations.h"
#include "sim/run/world.h"
#include "sim/scenario/metric.h"

namespace macula::sim {

struct State {
  std::optional<double> value;     // nothing: there was nothing to measure
  std::vector<std::string> nodes;  // of `holders`: who, in order of their numbers
};

// `metric.info->kind` is state.
[[nodiscard]] State read_state(World& world, const Operations& operations, const Metric& metric);

}  // namespace macula::sim
