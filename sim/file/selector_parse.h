// The text of a node selector (sim/scenario/selector.h), and whether it fits the scenario.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "sim/scenario/group_numbers.h"
#include "sim/scenario/selector.h"

namespace macula::sim {

struct SelectorInfo {
  std::string_view form;
  std::string_view example;
  std::string_view about;
};

// In the order of the documentation.
[[nodiscard]] const std::vector<SelectorInfo>& selector_catalogue();

// All but lists, which are lists of TOML.
[[nodiscard]] tl::expected<Selector, std::string> parse_selector(std::string_view text);

// The nodes and groups of a scenario: a group has its numbers, a node has none.
using PopulationNames = std::map<std::string, std::optional<GroupNumbers>, std::less<>>;

// The error in the names and indexes of the selector; empty: there is none.
[[nodiscard]] std::string check_selector(const Selector& selector, const PopulationNames& names);
// The same, of a protocol whose nodes have nothing to do with keys.
[[nodiscard]] std::string wrong_without_keys(const Selector& selector);

// The same for the name of exactly one node: "edge1" or "eu#3".
[[nodiscard]] std::string check_node_name(std::string_view name, const PopulationNames& names);

// Letters, digits, `-`, `_` and `.`, beginning with a letter or digit; empty: nothing wrong.
[[nodiscard]] std::string check_new_name(std::string_view name);

}  // namespace macula::sim
