// Macula's kit: the verbs that its nodes carry out, and the faults that every protocol has.
//
//   auto scenario = parse_scenario(macula_kit(), "partition-heal.toml");
#pragma once

#include "sim/scenario/kit.h"

namespace macula::sim {

// Always the same object.
[[nodiscard]] const Kit& macula_kit();

}  // namespace macula::sim
