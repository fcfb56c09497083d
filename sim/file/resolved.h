// A scenario beside the document that says it, with overrides and defaults filled in.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "base/text/diagnostic.h"
#include "base/text/document.h"
#include "sim/file/parse.h"

namespace macula::sim {

struct Resolved {
  Scenario scenario;
  DocumentValue
      root;  // files that it names are named in full, so that it means the same from any folder
};

[[nodiscard]] tl::expected<Resolved, Diagnostics> resolve_scenario_text(
    const Kit& kit, const std::string& text, const std::string& path,
    const Overrides& overrides = {});
[[nodiscard]] tl::expected<Resolved, Diagnostics> resolve_scenario(const Kit& kit,
                                                                   const std::string& path,
                                                                   const Overrides& overrides = {});

}  // namespace macula::sim
