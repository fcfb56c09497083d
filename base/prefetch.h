// Asking for memory before it is needed: a visit to a random object among many costs a hundred
// nanoseconds or more unless it was asked for some events ahead.
#pragma once

#include <cstddef>

namespace macula {

inline constexpr std::size_t kCacheLine = 64;

// Starts loading `bytes` from `address` on; nothing happens where there is nothing. With a constant
// size it is that many instructions and no branch: the last one is for what begins inside a line.
inline void prefetch_range(const void* address, std::size_t bytes) {
  const char* first = static_cast<const char*>(address);
  for (std::size_t i = 0; i < bytes; i += kCacheLine) __builtin_prefetch(first + i);
  __builtin_prefetch(first + bytes - 1);
}

}  // namespace macula
