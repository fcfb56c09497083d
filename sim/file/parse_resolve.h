// The steps from text to a document with every default in it, shared by parsing and `explain`.
#pragma once

#include <string>

#include "base/text/document.h"
#include "sim/file/keys.h"
#include "sim/file/parse.h"
#include "sim/file/parse_problems.h"

namespace macula::sim {

// Applies the overrides, judges the keys and fills in the defaults. All values that come from
// elsewhere than the file carry their origin.
void resolve(const Overrides& overrides, const Schema& schema, DocumentValue& root,
             Problems& problems);

// The scenario of a resolved document; complete where `problems` is still empty.
[[nodiscard]] Scenario build_scenario(const Document& document, const Schema& schema,
                                      const std::string& path, Problems& problems);

}  // namespace macula::sim
