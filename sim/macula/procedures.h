// The procedures that virtual nodes compute when they are called.
//
// A procedure does what its last dotted name says, on the numbers a and b of its args: add,
// subtract, multiply, divide, max, min. Any other returns its args.
#pragma once

#include <string>
#include <variant>

#include "dht/node/served_calls.h"

namespace macula::sim {

// Result as JSON text ("5"), or an error: invalid_args, division_by_zero.
[[nodiscard]] dht::CallOutcome compute(const std::string& procedure, const std::string& args);

}  // namespace macula::sim
