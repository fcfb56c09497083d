// The identity of each step, on which its draws depend.
//
//   name_steps(root, scenario);    // sets Step::identity
//
// A step's identity is its `id`, else its label, else a hash of what it says, with an occurrence
// number among those that are alike. It is no position: a step that is taken away, added or moved
// changes the draws of no other.
#pragma once

#include "base/text/document.h"
#include "sim/scenario/scenario.h"

namespace macula::sim {

// `root`: the document that the scenario was read from, with overrides and defaults; but for those
// of its profile, under another of which a step is the same.
void name_steps(const DocumentValue& root, Scenario& scenario);

}  // namespace macula::sim
