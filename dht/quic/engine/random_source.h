// Bytes that nobody can guess: for connection ids and path challenges.
//
// Production draws them from the TLS library; a simulated node from its seed.
#pragma once

#include <cstddef>
#include <cstdint>

namespace macula::dht::quic {

class RandomSource {
 public:
  virtual void fill(std::uint8_t* bytes, std::size_t count) = 0;

 protected:
  ~RandomSource() = default;
};

}  // namespace macula::dht::quic
