// The verbs that inject faults. They know nothing of the protocol: every kit takes them.
//
//   for (Verb& verb : fault_verbs()) kit.verbs.push_back(std::move(verb));
#pragma once

#include <vector>

#include "sim/scenario/verb.h"

namespace macula::sim {

[[nodiscard]] std::vector<Verb> fault_verbs();

}  // namespace macula::sim
