// The worlds in which a scenario can run, by name.
//
//   auto world = find_world("virtual-quic");
//   if (const std::string why = refusal(*world, scenario); !why.empty()) ...
//   options.world = *world;
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/run/world_kind.h"
#include "sim/scenario/scenario.h"

namespace macula::sim {

[[nodiscard]] const std::vector<std::string>& world_names();
// Nothing for other names.
[[nodiscard]] std::optional<WorldKind> find_world(std::string_view name);

// Why the scenario cannot run there, for a person; empty: it can.
[[nodiscard]] std::string refusal(const WorldKind& world, const Scenario& scenario);
// Whether nodes there have keys and could prove their ids, but the scenario has them not.
[[nodiscard]] bool proves_no_ids(const WorldKind& world, const Scenario& scenario);

}  // namespace macula::sim
