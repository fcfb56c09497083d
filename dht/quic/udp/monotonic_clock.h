// The time of this machine since it started: never set, never run back.
#pragma once

#include "base/time.h"

namespace macula::dht::quic {

[[nodiscard]] Time monotonic_now();

}  // namespace macula::dht::quic
