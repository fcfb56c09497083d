// What holds of Macula's nodes at all times, a row and its functions each.
#pragma once

#include <vector>

#include "sim/scenario/invariant.h"

namespace macula::sim {

// In the order of the documentation.
[[nodiscard]] std::vector<InvariantInfo> macula_invariants();

}  // namespace macula::sim
