#include "dht/quic/udp/monotonic_clock.h"

#include <ctime>

#include "base/check.h"

namespace macula::dht::quic {

Time monotonic_now() {
  timespec now{};
  MACULA_CHECK(::clock_gettime(CLOCK_MONOTONIC, &now) == 0);
  return Time{std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec)};
}

}  // namespace macula::dht::quic
