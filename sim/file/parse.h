// Scenario files: TOML to a checked Scenario, or everything that is wrong with it.
//
//   auto scenario = parse_scenario(kit, "partition-heal.toml", {{"protocol.k", "2"}});
//   if (!scenario) std::cerr << format(scenario.error());
//
// A TOML syntax error ends reading and is reported alone; all other errors are reported together.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "base/text/diagnostic.h"
#include "sim/scenario/kit.h"
#include "sim/scenario/scenario.h"

namespace macula::sim {

// The kit outlives the scenario.
[[nodiscard]] tl::expected<Scenario, Diagnostics> parse_scenario(const Kit& kit,
                                                                 const std::string& path,
                                                                 const Overrides& overrides = {});

// The same from text; `path` names it in errors and is where relative paths start.
[[nodiscard]] tl::expected<Scenario, Diagnostics> parse_scenario_text(
    const Kit& kit, const std::string& text, const std::string& path,
    const Overrides& overrides = {});

}  // namespace macula::sim
