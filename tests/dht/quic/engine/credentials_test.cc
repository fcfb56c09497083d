#include "dht/quic/engine/credentials.h"

#include <gnutls/x509.h>
#include <gtest/gtest.h>
#include <sodium.h>

#include <string>

#include "dht/quic/engine/credentials_impl.h"

namespace macula::dht::quic {
namespace {

std::string certificate_of(const Credentials& credentials) {
  gnutls_datum_t der{};
  if (gnutls_certificate_get_crt_raw(credentials.impl().certificate, 0, 0, &der) < 0) return {};
  return {reinterpret_cast<const char*>(der.data), der.size};
}

// RFC 8032, section 7.1, test 1; the SPKI of an Ed25519 key is a fixed prefix (RFC 8410, section 4)
// and the 32 bytes of the public key.
TEST(Credentials, TheIdIsTheHashOfThePublicKey) {
  const std::string seed =
      "\x9d\x61\xb1\x9d\xef\xfd\x5a\x60\xba\x84\x4a\xf4\x92\xec\x2c\xc4"
      "\x44\x49\xc5\x69\x7b\x32\x69\x19\x70\x3b\xac\x03\x1c\xae\x7f\x60";
  const std::string key =
      "\xd7\x5a\x98\x01\x82\xb1\x0a\xb7\xd5\x4b\xfe\xd3\xc9\x64\x07\x3a"
      "\x0e\xe1\x72\xf3\xda\xa6\x23\x25\xaf\x02\x1a\x68\xf7\x07\x51\x1a";
  const std::string prefix("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
  const auto credentials = Credentials::from_seed(seed);
  ASSERT_TRUE(credentials.has_value());
  EXPECT_EQ(credentials->id(), hash_id(prefix + key));
}

TEST(Credentials, TheCertificateFollowsFromTheSeedAlone) {
  const auto first = Credentials::from_seed(std::string(32, 'a'));
  const auto second = Credentials::from_seed(std::string(32, 'a'));
  const auto other = Credentials::from_seed(std::string(32, 'b'));
  ASSERT_TRUE(first && second && other);
  EXPECT_FALSE(certificate_of(*first).empty());
  EXPECT_EQ(certificate_of(*first), certificate_of(*second));
  EXPECT_NE(certificate_of(*first), certificate_of(*other));
  EXPECT_EQ(certificate_of(*first).size(), certificate_of(*other).size());
  EXPECT_NE(first->id(), other->id());
}

TEST(Credentials, SeedsOfAnotherSizeAreRefused) {
  for (const std::size_t size : {0u, 31u, 33u, 64u}) {
    EXPECT_FALSE(Credentials::from_seed(std::string(size, 'a')).has_value()) << size;
  }
}

}  // namespace
}  // namespace macula::dht::quic
