// What a metric of kind `state` reads: the nodes at one instant.
//
//     State holders(const StateView& view) { ... view.for_each_live(..) ... }
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/run/operations.h"
#include "sim/run/world.h"
#include "sim/scenario/metric.h"

namespace macula::sim {

struct State {
  std::optional<double> value;       // nothing: there was nothing to measure
  std::vector<std::string> nodes{};  // of a metric that names nodes: who, by their numbers
};

struct StateView {
  World& world;
  const Operations& operations;
  const Metric& metric;

  // What they draw depends on the metric, as it is written.
  [[nodiscard]] std::vector<NodeNumber> select(const Selector& selector) const;

  // With its number.
  template <typename Visit>
  void for_each_live(Visit visit) const {
    for (NodeNumber node = 0; node < world.size(); ++node) {
      if (world.up(node)) visit(node);
    }
  }
};

// Of a count.
[[nodiscard]] inline State counted(std::uint64_t count) {
  return {static_cast<double>(count)};
}

}  // namespace macula::sim
