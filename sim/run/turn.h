// One time that a step happens: which, when, and in a closed loop for which client.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/time.h"
#include "sim/net/link.h"

namespace macula::sim {

struct Turn {
  std::size_t step = 0;
  std::uint64_t repetition = 0;  // of the step, or of its client
  Time time{};                   // when it is due
  NodeNumber client = kNoNode;   // of a step with `think`
};

}  // namespace macula::sim
