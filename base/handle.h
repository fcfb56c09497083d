// Names for items of a pool that come and go: a slot, and the generation of what is in it. Stale
// once that has ended.
//
//   Handle handle = make_handle(slot, generation);
//   if (generation_of(handle) == generation) use(slot_of(handle));
//
// Three pools give out slots. Slab (sim/engine/slab.h) has millions of items that are visited at
// random: it keeps its memory, in large blocks. HandlePool (dht/quic/host/handle_pool.h) has some
// tens of each of the thousands of hosts in a process: its memory grows item by item. Slots
// (dht/node/slots.h) has the few operations of a node, of which a run has a million: what is idle
// costs two pointers, and tokens have no room for a generation.
#pragma once

#include <cstdint>

namespace macula {

using Handle = std::uint64_t;
// Generations of what lives are odd.
inline constexpr Handle kNoHandle = 0;

[[nodiscard]] constexpr Handle make_handle(std::uint32_t slot, std::uint32_t generation) {
  return Handle{generation} << 32 | slot;
}
[[nodiscard]] constexpr std::uint32_t slot_of(Handle handle) {
  return static_cast<std::uint32_t>(handle);
}
[[nodiscard]] constexpr std::uint32_t generation_of(Handle handle) {
  return static_cast<std::uint32_t>(handle >> 32);
}

}  // namespace macula
