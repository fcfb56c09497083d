// `--set KEY=VALUE`: puts values into a document before it is checked.
#pragma once

#include "base/text/document.h"
#include "sim/file/parse.h"
#include "sim/file/parse_problems.h"

namespace macula::sim {

// Keys are dotted paths; entries of a list are named by index or by their `name`. A value that
// reads as TOML is that, anything else is a text: `protocol.k=2`, `scenario.wire=encoded`.
void apply_overrides(const Overrides& overrides, DocumentValue& root, Problems& problems);

}  // namespace macula::sim
