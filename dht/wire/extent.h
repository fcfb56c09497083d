// How much room a value takes once it is unpacked, and how deep it is.
//
//   Extent extent = extent_of(value);
//   if (extent.depth > kMaxStoredDepth) ...    // no answer could carry it
//
// A list of nil takes one byte an element on the wire and forty in memory: what is held is counted
// by the larger of the two. The numbers are the same on every machine, and no less than what the
// machines that we know take.
#pragma once

#include <cstddef>

#include "dht/wire/msgpack.h"
#include "dht/wire/value.h"

namespace macula::dht::wire {

struct Extent {
  std::size_t memory = 0;  // bytes, beside the value itself
  std::size_t values = 0;  // values and keys, the value itself among them
  std::size_t depth = 0;   // 0 where it is no list and no map
};

[[nodiscard]] Extent extent_of(const Value& value);

// The depth around a value in a list of records of an answer that comes through a gateway.
inline constexpr std::size_t kDepthAround = 5;
// The depth that may be stored: deeper values could be sent, and would make the answer that holds
// them unreadable.
inline constexpr std::size_t kMaxStoredDepth = kMaxDepth - kDepthAround;

}  // namespace macula::dht::wire
