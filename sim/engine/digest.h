// The fingerprint of a run: one 64-bit hash over all its events, in order.
//
//   Digest digest;
//   digest.add(now, kind, from, to, message_id, size);   // any number of content words
//   digest.value();
//
// Two runs with the same value went the same way; whoever keeps the value every so many events can
// bisect two runs to their first difference. Each event is hashed by itself first, so that only one
// multiplication waits for the event before. Not cryptographic: it finds accidents, not forgers.
#pragma once

#include <cstdint>
#include <type_traits>

#include "base/hash.h"
#include "base/time.h"

namespace macula::sim {

class Digest {
 public:
  // `kind` tells what happened, `from` and `to` are node numbers; the content words are whatever
  // else must not differ. A word of 0 is not the same as no word.
  template <typename... Words>
  void add(Time time, std::uint32_t kind, std::uint32_t from, std::uint32_t to, Words... content) {
    static_assert((std::is_integral_v<Words> && ...), "content is whole words");
    const std::uint64_t ends = (std::uint64_t{from} << 32) | to;
    std::uint64_t event = mix(static_cast<std::uint64_t>(to_ns(time)), ends + kind * kKindFactor);
    ((event = mix(event, static_cast<std::uint64_t>(content))), ...);
    value_ = mix(value_, event);
  }

  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  // Odd and irregular, so that no change of kind looks like a change of the node numbers.
  static constexpr std::uint64_t kKindFactor = 0xd6e8feb86659fd93ULL;

  std::uint64_t value_ = 0;
};

}  // namespace macula::sim
