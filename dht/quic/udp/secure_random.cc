#include "dht/quic/udp/secure_random.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "base/check.h"

namespace macula::dht::quic {

void SecureRandom::fill(std::uint8_t* bytes, std::size_t count) {
  MACULA_CHECK(::gnutls_rnd(GNUTLS_RND_RANDOM, bytes, count) == 0);
}

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  MACULA_CHECK(::gnutls_rnd(GNUTLS_RND_KEY, bytes.data(), count) == 0);
  return bytes;
}

}  // namespace macula::dht::quic
