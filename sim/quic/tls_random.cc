#include "sim/quic/tls_random.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <sys/random.h>

#include <algorithm>

namespace macula::sim {
namespace {

thread_local TlsRandom* current = nullptr;

int fill_from_kernel(std::uint8_t* bytes, std::size_t count) {
  while (count > 0) {
    const ssize_t got = ::getrandom(bytes, count, 0);
    if (got <= 0) return GNUTLS_E_RANDOM_FAILED;
    bytes += got;
    count -= static_cast<std::size_t>(got);
  }
  return GNUTLS_E_SUCCESS;
}

}  // namespace

void fill_from(RandomStream& stream, std::uint8_t* bytes, std::size_t count) {
  for (std::size_t i = 0; i < count;) {
    std::uint64_t bits = stream.next();
    const std::size_t end = std::min(count, i + sizeof bits);
    for (; i < end; ++i) {
      bytes[i] = static_cast<std::uint8_t>(bits);
      bits >>= 8;
    }
  }
}

void TlsRandom::fill(std::uint8_t* bytes, std::size_t count) {
  fill_from(stream_, bytes, count);
}

TlsRandom::Scope::Scope(TlsRandom& random) : outer_(current) {
  current = &random;
}

TlsRandom::Scope::~Scope() {
  current = outer_;
}

}  // namespace macula::sim

// In place of the library's.
extern "C" int gnutls_rnd(gnutls_rnd_level_t, void* data, std::size_t len) {
  auto* bytes = static_cast<std::uint8_t*>(data);
  if (macula::sim::current == nullptr) return macula::sim::fill_from_kernel(bytes, len);
  macula::sim::current->fill(bytes, len);
  return GNUTLS_E_SUCCESS;
}
