// Guards the TOML library against dotted keys of any depth: it nests one table a part, and frees
// them by recursion, so that "a.a.a.a..." of a few megabytes would exhaust the stack.
#pragma once

#include <optional>
#include <string_view>

#include "sim/scenario/scenario.h"

namespace macula::sim {

inline constexpr int kKeyPartsMax = 16;

// Where a key outside of strings and comments has more than kKeyPartsMax parts. Anything that is no
// TOML at all is left to the library to report.
[[nodiscard]] std::optional<Place> find_deep_key(std::string_view text);

}  // namespace macula::sim
