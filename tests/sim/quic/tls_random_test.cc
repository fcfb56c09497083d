#include "sim/quic/tls_random.h"

#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

namespace macula::sim {
namespace {

using Bytes = std::array<std::uint8_t, 13>;

Bytes draw() {
  Bytes bytes{};
  EXPECT_EQ(gnutls_rnd(GNUTLS_RND_NONCE, bytes.data(), bytes.size()), 0);
  return bytes;
}

Bytes draw_from(std::uint64_t seed) {
  TlsRandom random(seed);
  const TlsRandom::Scope scope(random);
  return draw();
}

TEST(TlsRandom, RepeatsInAScopeOnly) {
  EXPECT_EQ(draw_from(1), draw_from(1));
  EXPECT_NE(draw_from(1), draw_from(2));
  EXPECT_NE(draw(), draw());
}

TEST(TlsRandom, ScopesNest) {
  TlsRandom outer(1);
  const TlsRandom::Scope scope(outer);
  const Bytes first = draw_from(2);
  EXPECT_EQ(draw_from(2), first);
  EXPECT_EQ(draw(), draw_from(1)) << "the outer stream goes on where it was";
}

// The library itself draws from it, not only who calls it by name.
TEST(TlsRandom, TheLibraryDrawsFromIt) {
  const auto generate = [] {
    TlsRandom random(1);
    const TlsRandom::Scope scope(random);
    gnutls_x509_privkey_t key = nullptr;
    gnutls_x509_privkey_init(&key);
    EXPECT_EQ(gnutls_x509_privkey_generate(key, GNUTLS_PK_EDDSA_ED25519, 0, 0), 0);
    std::array<unsigned char, 64> id{};
    std::size_t size = id.size();
    EXPECT_EQ(gnutls_x509_privkey_get_key_id(key, GNUTLS_KEYID_USE_SHA256, id.data(), &size), 0);
    gnutls_x509_privkey_deinit(key);
    return id;
  };
  EXPECT_EQ(generate(), generate());
}

}  // namespace
}  // namespace macula::sim
