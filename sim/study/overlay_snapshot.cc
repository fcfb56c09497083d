#include "sim/study/overlay_snapshot.h"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "base/text/units.h"
#include "sim/run/roster.h"
#include "sim/run/run.h"
#include "sim/scenario/kit.h"

namespace macula::sim {
namespace {

constexpr std::array<std::string_view, 3> kRoles{"bootstrap", "gateway", "edge"};

std::vector<OverlayNode> nodes_of(World& world) {
  const Roster roster(world.scenario());
  std::vector<OverlayNode> nodes;
  nodes.reserve(world.size());
  for (NodeNumber node = 0; node < world.size(); ++node) {
    const Population& population = roster.population(node);
    nodes.push_back({world.name(node), population.name,
                     std::string(kRoles[static_cast<std::size_t>(population.role)]),
                     population.region, world.community().id_text(node)});
  }
  return nodes;
}

GraphFigures figures_of_overlay(const World& world, const OverlaySnapshot& snapshot) {
  std::vector<std::string> regions;
  regions.reserve(snapshot.overlay.nodes.size());
  for (const NodeNumber node : snapshot.overlay.nodes) {
    regions.push_back(snapshot.nodes[node].region);
  }
  return figures_of(snapshot.overlay.live, drawn_nodes(world, snapshot.overlay), regions);
}

}  // namespace

tl::expected<OverlaySnapshot, std::string> take_overlay(const Scenario& scenario,
                                                        std::uint64_t seed, Duration at,
                                                        const std::function<bool()>& stop) {
  if (at < Duration{0} || at > scenario.duration) {
    return tl::unexpected(fmt::format("{} is after the end of the run, {}", format_duration(at),
                                      format_duration(scenario.duration)));
  }
  OverlaySnapshot snapshot{scenario.name, scenario.hash, seed, at, {}, {}, {}};
  bool seen = false;
  bool tells = false;
  RunOptions options;
  options.look = Look{at, [&](World& world) {
                        seen = true;
                        auto overlay = overlay_of(world);
                        tells = overlay.has_value();
                        if (!tells) return;
                        snapshot.overlay = std::move(*overlay);
                        snapshot.nodes = nodes_of(world);
                        snapshot.figures = figures_of_overlay(world, snapshot);
                      }};
  // The rest of the run is of no interest.
  options.stop = [&] { return seen || stop(); };
  const RunResult run = run_scenario(scenario, seed, options);
  if (!seen) {
    return tl::unexpected("the run broke off: " + (run.crash.empty() ? run.stopped : run.crash));
  }
  if (!tells) {
    return tl::unexpected(fmt::format(
        "the protocol {} does not tell whom its nodes know: there is no overlay to show",
        scenario.kit->name));
  }
  return snapshot;
}

}  // namespace macula::sim
