#include "dht/quic/node/log.h"

#include <iostream>

namespace macula::dht::quic {

void log(std::string_view line) {
  std::cerr << "macula-node: " << line << '\n';
}

}  // namespace macula::dht::quic
