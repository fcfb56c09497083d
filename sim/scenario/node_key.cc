#include "sim/scenario/node_key.h"

#include <sodium/core.h>
#include <sodium/crypto_sign_ed25519.h>

#include <array>

#include "base/check.h"

namespace macula::sim {
namespace {

// Keeps these keys apart from other uses of a name's hash: a published id is SHA-256 of the name.
constexpr std::string_view kPurpose = "macula-sim node key: ";

// What stands before the 32 bytes of an Ed25519 key in its SubjectPublicKeyInfo (RFC 8410).
constexpr std::string_view kSpkiHead("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);

}  // namespace

NodeKey NodeKey::derive(std::string_view name) {
  return NodeKey(dht::id_to_bytes(dht::hash_id(std::string(kPurpose).append(name))));
}

dht::NodeId NodeKey::id() const {
  MACULA_CHECK(sodium_init() >= 0);
  std::array<unsigned char, crypto_sign_ed25519_PUBLICKEYBYTES> public_key{};
  std::array<unsigned char, crypto_sign_ed25519_SECRETKEYBYTES> secret_key{};
  static_assert(crypto_sign_ed25519_SEEDBYTES == dht::NodeId::kBytes);
  crypto_sign_ed25519_seed_keypair(public_key.data(), secret_key.data(),
                                   reinterpret_cast<const unsigned char*>(seed_.data()));
  std::string spki(kSpkiHead);
  spki.append(reinterpret_cast<const char*>(public_key.data()), public_key.size());
  return dht::hash_id(spki);
}

}  // namespace macula::sim
