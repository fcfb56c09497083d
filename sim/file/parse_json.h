// A TOML value as JSON: the arguments of calls.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "base/text/document.h"

namespace macula::sim {

// Compact, keys sorted. Dates, infinities and not-a-number have no JSON.
[[nodiscard]] tl::expected<std::string, std::string> to_json(const DocumentValue& value);

}  // namespace macula::sim
