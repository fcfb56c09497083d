// A scenario with every default filled in, and where each value came from.
//
//     [protocol]
//     k = 2            # --set protocol.k
//     alpha = 3        # profile kademlia
//
// The text is itself a scenario file that means the same, from any folder of this machine: files
// that it names are named in full.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "base/text/diagnostic.h"
#include "sim/file/parse.h"

namespace macula::sim {

[[nodiscard]] tl::expected<std::string, Diagnostics> explain_scenario(
    const Kit& kit, const std::string& path, const Overrides& overrides = {});

// The same from text; `path` as for parse_scenario_text.
[[nodiscard]] tl::expected<std::string, Diagnostics> explain_scenario_text(
    const Kit& kit, const std::string& text, const std::string& path,
    const Overrides& overrides = {});

}  // namespace macula::sim
