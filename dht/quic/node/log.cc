#include "dht/quic/node/log.h"

#include <fmt/format.h>

#include <cstdio>

namespace macula::dht::quic {

void log(std::string_view line) {
  fmt::print(stderr, "macula-node: {}\n", line);
}

}  // namespace macula::dht::quic
