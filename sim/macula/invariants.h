// The invariants of Macula's nodes, a row and its functions each.
#pragma once

#include <vector>

#include "sim/scenario/invariant.h"

namespace macula::sim {

// In the order of the documentation.
[[nodiscard]] std::vector<InvariantInfo> macula_invariants();

}  // namespace macula::sim
