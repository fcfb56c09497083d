// The defaults that depend on other values: those of the profile, and times that follow another.
//
//   fill_derived(scenario, root);       // `root`: the resolved document of that scenario
//
// Values that a profile gives have the origin "profile NAME", all others "default".
#pragma once

#include <string>

#include "base/text/document.h"
#include "sim/scenario/scenario.h"

namespace macula::sim {

[[nodiscard]] std::string origin_of_profile(const Scenario& scenario);

void fill_derived(const Scenario& scenario, DocumentValue& root);

}  // namespace macula::sim
