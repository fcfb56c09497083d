// Scenario files: TOML to a checked Scenario, or everything that is wrong with it.
//
//   auto scenario = parse_scenario("scenarios/partition-heal.toml", {{"protocol.k", "2"}});
//   if (!scenario) std::cerr << format(scenario.error());
//
// A TOML syntax error ends reading and is reported alone; all other errors are reported together.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "base/text/diagnostic.h"
#include "sim/scenario/scenario.h"

namespace macula::sim {

// Overrides of `--set KEY=VALUE`: the dotted key and the text of the value. They reach every key:
// `protocol.k`, `node.edge1.role`, `group.eu.count`, `at.0.t`, `expect.1.at_least`.
using Overrides = std::vector<std::pair<std::string, std::string>>;

[[nodiscard]] tl::expected<Scenario, Diagnostics> parse_scenario(const std::string& path,
                                                                 const Overrides& overrides = {});

// The same from text; `path` names it in errors and is where relative paths start.
[[nodiscard]] tl::expected<Scenario, Diagnostics> parse_scenario_text(
    const std::string& text, const std::string& path, const Overrides& overrides = {});

}  // namespace macula::sim
