// The overlay of a scenario's run at an instant, and what is told of it.
//
//   auto snapshot = take_overlay(scenario, 1, std::chrono::minutes(10), stop);
//   snapshot->figures.weak.count;
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "analysis/graph/figures.h"
#include "base/time.h"
#include "sim/run/overlay.h"
#include "sim/scenario/scenario.h"

namespace macula::sim {

// The fields of a node in files.
struct OverlayNode {
  std::string name;
  std::string group;   // of a node that is in none: its name
  std::string role;    // "bootstrap", "gateway", "edge"
  std::string region;  // empty: none
  std::string id;      // empty: the protocol has none
};

struct OverlaySnapshot {
  std::string scenario;  // its name
  std::uint64_t scenario_hash = 0;
  std::uint64_t seed = 0;
  Duration at{0};
  std::vector<OverlayNode> nodes;  // all, by number
  Overlay overlay;
  GraphFigures figures;  // of the nodes that are up

  // The name of node i of the figures.
  [[nodiscard]] const std::string& name(Graph::Node i) const {
    return nodes[overlay.nodes[i]].name;
  }
};

// Runs it in the virtual world, that far. `stop`: asked often; true: the run is ended. The error,
// for a person: `at` is not in the run, the protocol does not tell whom its nodes know, the run
// broke off before.
[[nodiscard]] tl::expected<OverlaySnapshot, std::string> take_overlay(
    const Scenario& scenario, std::uint64_t seed, Duration at, const std::function<bool()>& stop);

}  // namespace macula::sim
