// A stream of random 64-bit numbers: 8 bytes of state, the same on every machine.
//
//   RandomStream stream(seed, "eu#17");    // of its own: its draws disturb nobody else's
//   std::uint64_t bits = stream.next();
//   std::uint64_t die = stream.below(6);   // 0 to 5
//
// A draw depends on what it is about, never on how many others came before. Where that is one word,
// `draw` makes it; a node draws for several purposes, and counts for each:
//
//   std::uint64_t drawn = draw(mix(key_of_step, key_of_node));
//   KeyedDraws<6> draws(seed, "eu#17");
//   std::uint64_t fourth = draws.next(3);    // the next for the fourth purpose
//
// SplitMix64 (base/hash.h): a counter, whitened. All streams walk one cycle of 2^64 numbers from
// starts that a hash chooses, so two may overlap; for a million streams of a thousand draws the
// odds are 1 in 20 000.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "base/hash.h"

namespace macula::sim {

class RandomStream {
 public:
  explicit constexpr RandomStream(std::uint64_t state = 0) : state_(state) {}
  // The stream of whoever bears this name in the run of this seed.
  constexpr RandomStream(std::uint64_t seed, std::string_view name)
      : state_(hash_bytes(name, seed)) {}

  // 64 uniform bits.
  constexpr std::uint64_t next() { return split_mix(state_); }

  // 0 to count - 1; count is at least 1. One draw, always, so that the stream stays in step. The
  // probability of each number is within 2^-64 of 1 / count: off by a share of count / 2^64.
  constexpr std::uint64_t below(std::uint64_t count) {
    MACULA_CHECK(count > 0);
    return static_cast<std::uint64_t>((static_cast<Uint128>(next()) * count) >> 64);
  }

 private:
  std::uint64_t state_;
};

static_assert(sizeof(RandomStream) == 8);

// 64 uniform bits that follow from `key`: keys that differ little give bits that have nothing in
// common.
[[nodiscard]] constexpr std::uint64_t draw(std::uint64_t key) {
  return RandomStream(key).next();
}

// The draws of one name, each by what it is for and how many for that came before it.
template <std::size_t Purposes>
class KeyedDraws {
 public:
  constexpr KeyedDraws() = default;
  constexpr KeyedDraws(std::uint64_t seed, std::string_view name) : key_(hash_bytes(name, seed)) {}

  // 64 uniform bits.
  constexpr std::uint64_t next(std::size_t purpose) {
    MACULA_CHECK(purpose < Purposes);
    return draw(mix(key_, purpose, drawn_[purpose]++));
  }

 private:
  std::uint64_t key_ = 0;
  std::array<std::uint32_t, Purposes> drawn_{};
};

}  // namespace macula::sim
