// The inputs of a scenario: the files that it names, and a hash of all that it says.
//
//   take_inputs(document.root, schema, "faults/heal.toml", scenario);
#pragma once

#include <string>

#include "base/text/document.h"
#include "sim/file/keys.h"
#include "sim/scenario/scenario.h"

namespace macula::sim {

// Sets `inputs`, `hash` and what steps draw by. `root` is the document with overrides and defaults;
// `path` is where its file stands.
void take_inputs(const DocumentValue& root, const Schema& schema, const std::string& path,
                 Scenario& scenario);

}  // namespace macula::sim
