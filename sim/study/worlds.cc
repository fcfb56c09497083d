#include "sim/study/worlds.h"

#include <fmt/format.h>

#include <algorithm>

namespace macula::sim {
namespace {

// A connection end takes some 70 KiB; a node of a thousand has a hundred of them and more.
constexpr std::uint64_t kMostVirtualQuicNodes = 1000;
// Each has a socket, and 1024 is the usual limit for a process.
constexpr std::uint64_t kMostQuicNodes = 200;
// Each has a connection to each: two thousand of them.
constexpr std::uint64_t kMostWarmNodes = 64;

// How late a busy machine may be.
constexpr Duration kRealTimeTolerance = std::chrono::milliseconds(50);

std::uint64_t nodes_of(const Scenario& scenario) {
  std::uint64_t nodes = 0;
  for (const Population& population : scenario.populations) nodes += size_of(population);
  return nodes;
}

}  // namespace

const std::vector<std::string>& world_names() {
  static const std::vector<std::string> names{std::string(kVirtual), std::string(kVirtualQuic),
                                              std::string(kQuic)};
  return names;
}

std::optional<WorldKind> find_world(std::string_view name) {
  if (name == kVirtual) return virtual_world();
  if (name == kVirtualQuic) {
    return WorldKind{std::string(name), Duration{0}};
  }
  if (name == kQuic) {
    return WorldKind{std::string(name), kRealTimeTolerance};
  }
  return std::nullopt;
}

std::string refusal(const WorldKind& world, const Scenario& scenario) {
  const auto& worlds = scenario.kit->worlds;
  if (std::find(worlds.begin(), worlds.end(), world.name) == worlds.end()) {
    return fmt::format("the protocol `{}` runs in {}, not in the world {}", scenario.kit->name,
                       fmt::join(worlds, ", "), world.name);
  }
  if (world.name == kVirtual) return {};
  const std::uint64_t most = world.name == kQuic ? kMostQuicNodes : kMostVirtualQuicNodes;
  const std::uint64_t nodes = nodes_of(scenario);
  if (nodes > most) {
    return fmt::format("{} nodes are more than the {} of the world {}", nodes, most, world.name);
  }
  if (scenario.connections == Connections::warm && nodes > kMostWarmNodes) {
    return fmt::format(
        "`connections = \"warm\"` dials every pair beforehand in the world {}: {} nodes are more "
        "than {}",
        world.name, nodes, kMostWarmNodes);
  }
  return {};
}

bool proves_no_ids(const WorldKind& world, const Scenario& scenario) {
  return world.name != kVirtual && scenario.identity == Identity::unbound;
}

}  // namespace macula::sim
