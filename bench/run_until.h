// Runs a loop until something is done, which a benchmark waits for.
#pragma once

#include "base/check.h"
#include "dht/quic/udp/loop.h"

namespace macula::dht::quic {

template <typename Done>
void run_until(Loop& loop, Done done) {
  constexpr Duration kPatience = std::chrono::seconds(60);  // a guard against hangs
  const Time give_up = loop.now() + kPatience;
  while (!done()) {
    loop.run_once(std::chrono::seconds(1));
    MACULA_CHECK(loop.now() < give_up);
  }
}

}  // namespace macula::dht::quic
