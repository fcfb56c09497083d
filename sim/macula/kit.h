// Macula's kit: the verbs that its nodes carry out, the faults that every protocol has, and what is
// measured of both.
//
//   auto scenario = parse_scenario(macula_kit(), "partition-heal.toml");   // sim/file/parse.h
#pragma once

#include "sim/scenario/kit.h"

namespace macula::sim {

// Always the same object.
[[nodiscard]] const Kit& macula_kit();

}  // namespace macula::sim
