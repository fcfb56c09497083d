#include "dht/quic/engine/credentials.h"

#include <gnutls/x509.h>
#include <sodium.h>

#include <array>
#include <utility>

#include "base/check.h"
#include "dht/quic/engine/credentials_impl.h"
#include "dht/quic/engine/tls_session.h"

namespace macula::dht::quic {

namespace {

// TLS 1.3 as QUIC has it. Compatibility mode puts a session id into the first message, which
// BoringSSL refuses. The order is that of preference.
constexpr const char* kPriority =
    "NONE:+VERS-TLS1.3:+AEAD:+AES-128-GCM:+AES-256-GCM:+CHACHA20-POLY1305:+GROUP-X25519:"
    "+GROUP-SECP256R1:+GROUP-SECP384R1:+SIGN-EDDSA-ED25519:+CTYPE-X509:%DISABLE_TLS13_COMPAT_MODE";

// Nobody checks the dates; they are fixed so that the certificate depends on the key alone.
constexpr std::time_t kNotBefore = 1577836800;   // 2020-01-01
constexpr std::time_t kNotAfter = 253402300799;  // RFC 5280, section 4.1.2.5: no end
constexpr std::uint8_t kSerial = 1;

// Frees a GnuTLS object at the end of a scope.
template <class T, void (*kFree)(T)>
struct Owned {
  T value = nullptr;
  Owned() = default;
  ~Owned() {
    if (value != nullptr) kFree(value);
  }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
};

int import_seed(gnutls_x509_privkey_t key, std::string_view seed) {
  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> public_key;
  std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret;
  crypto_sign_seed_keypair(public_key.data(), secret.data(),
                           reinterpret_cast<const unsigned char*>(seed.data()));
  const gnutls_datum_t x{public_key.data(), public_key.size()};
  const gnutls_datum_t k{secret.data(), static_cast<unsigned>(seed.size())};
  const int result =
      gnutls_x509_privkey_import_ecc_raw(key, GNUTLS_ECC_CURVE_ED25519, &x, nullptr, &k);
  sodium_memzero(secret.data(), secret.size());
  return result;
}

int sign_certificate(gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key) {
  const char* bad = nullptr;
  int result = gnutls_x509_crt_set_version(certificate, 3);
  if (result >= 0) result = gnutls_x509_crt_set_serial(certificate, &kSerial, sizeof kSerial);
  if (result >= 0) result = gnutls_x509_crt_set_dn(certificate, "CN=macula", &bad);
  if (result >= 0) result = gnutls_x509_crt_set_activation_time(certificate, kNotBefore);
  if (result >= 0) result = gnutls_x509_crt_set_expiration_time(certificate, kNotAfter);
  if (result >= 0) result = gnutls_x509_crt_set_key(certificate, key);
  if (result < 0) return result;
  return gnutls_x509_crt_sign2(certificate, certificate, key, GNUTLS_DIG_SHA512, 0);
}

}  // namespace

Credentials::Impl::~Impl() {
  if (certificate != nullptr) gnutls_certificate_free_credentials(certificate);
  if (priority != nullptr) gnutls_priority_deinit(priority);
}

tl::expected<Credentials, std::string> Credentials::from_seed(std::string_view seed) {
  if (seed.size() != kSeedBytes) return tl::make_unexpected("a private key has 32 bytes");
  MACULA_CHECK(sodium_init() >= 0);
  Owned<gnutls_x509_privkey_t, gnutls_x509_privkey_deinit> key;
  Owned<gnutls_x509_crt_t, gnutls_x509_crt_deinit> certificate;
  auto impl = std::make_unique<Impl>();

  int result = gnutls_x509_privkey_init(&key.value);
  if (result >= 0) result = gnutls_x509_crt_init(&certificate.value);
  if (result >= 0) result = import_seed(key.value, seed);
  if (result >= 0) result = sign_certificate(certificate.value, key.value);
  if (result >= 0) result = gnutls_certificate_allocate_credentials(&impl->certificate);
  if (result >= 0) {
    result = gnutls_certificate_set_x509_key(impl->certificate, &certificate.value, 1, key.value);
  }
  if (result >= 0) result = gnutls_priority_init(&impl->priority, kPriority, nullptr);
  if (result < 0) return tl::make_unexpected(std::string(gnutls_strerror(result)));

  const auto id = key_id(certificate.value);
  MACULA_CHECK(id.has_value());
  impl->id = *id;
  gnutls_certificate_set_verify_function(impl->certificate, TlsSession::verify_peer);
  return Credentials(std::move(impl));
}

Credentials::Credentials(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Credentials::Credentials(Credentials&&) noexcept = default;
Credentials& Credentials::operator=(Credentials&&) noexcept = default;
Credentials::~Credentials() = default;

const NodeId& Credentials::id() const {
  return impl_->id;
}

}  // namespace macula::dht::quic
