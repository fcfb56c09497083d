// The view of a metric of the kinds `state` and `state_distribution`: the nodes at one instant.
//
//     State holders(const StateView& view) { ... view.for_each_live(..) ... }
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/run/operations.h"
#include "sim/run/world.h"
#include "sim/scenario/metric.h"

namespace macula::sim {

struct State {
  std::optional<double> value{};     // nothing: there was nothing to measure
  std::vector<std::string> nodes{};  // of a metric that names nodes: who, by their numbers
  // For kind state_distribution, in place of a value, as of `sample` in MetricInfo.
  std::vector<std::int64_t> samples{};
};

struct StateView {
  World& world;
  const Operations& operations;
  const Metric& metric;

  // Their draws depend on the metric, as it is written.
  [[nodiscard]] std::vector<NodeNumber> select(const Selector& selector) const;

  // With its number.
  template <typename Visit>
  void for_each_live(Visit visit) const {
    for (NodeNumber node = 0; node < world.size(); ++node) {
      if (world.up(node)) visit(node);
    }
  }
};

// The state of a count.
[[nodiscard]] inline State counted(std::uint64_t count) {
  return {static_cast<double>(count)};
}

}  // namespace macula::sim
