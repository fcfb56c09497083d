// Mixing of 64-bit words: one function for the digest, the fate of packets and in-memory tables.
//
// `mix` folds the 128-bit product of its two (whitened) words, the step of wyhash
// (https://github.com/wangyi-fudan/wyhash, final version 4). It is fast, has no state, and gives
// the same result on every compiler. It is not a cryptographic hash: ids use SHA-256. Nor is one
// step enough for random numbers: results for neighbouring last words are alike. Draw through
// sim/engine/random.h.
#pragma once

#include <cstdint>
#include <string_view>

namespace macula {

__extension__ using Uint128 = unsigned __int128;

[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  const Uint128 product =
      static_cast<Uint128>(a ^ 0x2d358dccaa6c78a5ULL) * (b ^ 0x8bb84b93962eacc9ULL);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b, std::uint64_t c) {
  return mix(mix(a, b), c);
}

[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b, std::uint64_t c,
                                          std::uint64_t d) {
  return mix(mix(mix(a, b), c), d);
}

// Moves a counter on, and whitens it: 64 uniform bits. The step of SplitMix64 (G. Steele, D. Lea,
// C. Flood: Fast Splittable Pseudorandom Number Generators, 2014).
[[nodiscard]] constexpr std::uint64_t split_mix(std::uint64_t& counter) {
  counter += 0x9e3779b97f4a7c15ULL;
  std::uint64_t bits = counter;
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9ULL;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebULL;
  return bits ^ (bits >> 31);
}

// Hash of a byte string, the same on every byte order.
[[nodiscard]] constexpr std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed = 0) {
  std::uint64_t state = mix(seed, bytes.size());
  std::uint64_t word = 0;
  unsigned filled = 0;
  for (const char c : bytes) {
    word |= static_cast<std::uint64_t>(static_cast<unsigned char>(c)) << (8 * filled);
    if (++filled == 8) {
      state = mix(state, word);
      word = 0;
      filled = 0;
    }
  }
  return mix(state, word);
}

}  // namespace macula
