// The parts of rumour spreading in the simulator: its parameters, verbs, metrics and nodes.
#pragma once

#include "sim/scenario/kit.h"

namespace gossip {

// Always the same object.
[[nodiscard]] const macula::sim::Kit& gossip_kit();

}  // namespace gossip
