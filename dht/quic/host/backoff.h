// How long a peer is not dialled after a dial that led to nothing.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/time.h"

namespace macula::dht::quic::host {

// `first`, doubled for each of the `failures` before this one, at most `longest`; and up to half as
// long again, by `draw`, any number: those who lost a peer at one time do not come back at one
// time.
[[nodiscard]] inline Duration backoff(unsigned failures, Duration first, Duration longest,
                                      std::uint64_t draw) {
  constexpr unsigned kMostDoublings = 30;
  Duration pause = first;
  for (unsigned i = 0; i < std::min(failures, kMostDoublings); ++i) {
    pause = std::min(2 * pause, longest);
  }
  const auto range = static_cast<std::uint64_t>(std::max<Duration::rep>(pause.count() / 2, 1));
  return pause + Duration(static_cast<Duration::rep>(draw % range));
}

}  // namespace macula::dht::quic::host
