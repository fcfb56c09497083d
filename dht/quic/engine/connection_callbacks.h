// The callbacks of ngtcp2, for each connection.
#pragma once

#include "dht/quic/engine/ngtcp2_api.h"

namespace macula::dht::quic {

[[nodiscard]] const ngtcp2_callbacks& connection_callbacks();

}  // namespace macula::dht::quic
