// Names for what lies in a slab: a slot and its generation, stale once the slot is released.
#pragma once

#include <cstdint>

#include "sim/engine/slab.h"

namespace macula::sim {

[[nodiscard]] constexpr std::uint64_t make_handle(std::uint32_t slot, std::uint32_t generation) {
  return std::uint64_t{generation} << 32 | slot;
}
[[nodiscard]] constexpr std::uint32_t slot_of(std::uint64_t handle) {
  return static_cast<std::uint32_t>(handle);
}
[[nodiscard]] constexpr std::uint32_t generation_of(std::uint64_t handle) {
  return static_cast<std::uint32_t>(handle >> 32);
}

template <typename T>
[[nodiscard]] bool is_stale(const Slab<T>& slab, std::uint64_t handle) {
  return !slab.live(slot_of(handle)) || slab.generation(slot_of(handle)) != generation_of(handle);
}

}  // namespace macula::sim
