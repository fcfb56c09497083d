// Bytes that nobody can guess, from the TLS library.
#pragma once

#include <cstddef>
#include <string>

#include "dht/quic/engine/random_source.h"

namespace macula::dht::quic {

class SecureRandom final : public RandomSource {
 public:
  void fill(std::uint8_t* bytes, std::size_t count) override;
};

// `count` such bytes, good enough for keys.
[[nodiscard]] std::string random_bytes(std::size_t count);

}  // namespace macula::dht::quic
