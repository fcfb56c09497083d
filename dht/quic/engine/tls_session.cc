#include "dht/quic/engine/tls_session.h"

#include <array>

#include "base/check.h"
#include "dht/quic/engine/credentials_impl.h"

namespace macula::dht::quic {

TlsSession::TlsSession(Side side, const Credentials& credentials, const std::string& alpn,
                       const std::optional<NodeId>& expected)
    : expected_(expected) {
  const bool server = side == Side::server;
  // One key share, the preferred one: a second costs a key pair in every handshake.
  const unsigned flags = GNUTLS_NO_TICKETS | GNUTLS_NO_END_OF_EARLY_DATA |
                         (server ? GNUTLS_SERVER : GNUTLS_CLIENT | GNUTLS_KEY_SHARE_TOP);
  const Credentials::Impl& impl = credentials.impl();
  int result = gnutls_init(&session_, flags);
  MACULA_CHECK(result >= 0);
  result = gnutls_priority_set(session_, impl.priority);
  MACULA_CHECK(result >= 0);
  result = gnutls_credentials_set(session_, GNUTLS_CRD_CERTIFICATE, impl.certificate);
  MACULA_CHECK(result >= 0);
  gnutls_datum_t name{reinterpret_cast<unsigned char*>(const_cast<char*>(alpn.data())),
                      static_cast<unsigned>(alpn.size())};
  // Mandatory: else ends that share no protocol connect all the same.
  result = gnutls_alpn_set_protocols(session_, &name, 1, GNUTLS_ALPN_MANDATORY);
  MACULA_CHECK(result >= 0);
  if (server) {
    gnutls_certificate_server_set_request(session_, GNUTLS_CERT_REQUIRE);
    result = ngtcp2_crypto_gnutls_configure_server_session(session_);
  } else {
    result = ngtcp2_crypto_gnutls_configure_client_session(session_);
  }
  MACULA_CHECK(result == 0);
  reference_.user_data = this;
  reference_.get_conn = [](ngtcp2_crypto_conn_ref* reference) {
    return static_cast<TlsSession*>(reference->user_data)->connection_;
  };
  gnutls_session_set_ptr(session_, &reference_);
}

TlsSession::~TlsSession() {
  if (session_ != nullptr) gnutls_deinit(session_);
}

void TlsSession::attach(ngtcp2_conn* connection) {
  connection_ = connection;
  ngtcp2_conn_set_tls_native_handle(connection, session_);
}

void TlsSession::finish() {
  if (session_ == nullptr) return;
  ngtcp2_conn_set_tls_native_handle(connection_, nullptr);
  gnutls_deinit(session_);
  session_ = nullptr;
}

int TlsSession::verify_peer(gnutls_session_t session) {
  auto* reference = static_cast<ngtcp2_crypto_conn_ref*>(gnutls_session_get_ptr(session));
  auto& tls = *static_cast<TlsSession*>(reference->user_data);
  if (tls.accepts(session)) return 0;
  tls.refused_ = true;
  return GNUTLS_E_CERTIFICATE_ERROR;
}

bool TlsSession::accepts(gnutls_session_t session) {
  peer_ = peer_id(session);
  return peer_ && (!expected_ || *expected_ == *peer_);
}

std::optional<NodeId> peer_id(gnutls_session_t session) {
  if (gnutls_certificate_type_get(session) != GNUTLS_CRT_X509) return std::nullopt;
  unsigned count = 0;
  const gnutls_datum_t* chain = gnutls_certificate_get_peers(session, &count);
  if (chain == nullptr || count != 1) return std::nullopt;
  gnutls_x509_crt_t certificate = nullptr;
  if (gnutls_x509_crt_init(&certificate) < 0) return std::nullopt;
  std::optional<NodeId> id;
  if (gnutls_x509_crt_import(certificate, &chain[0], GNUTLS_X509_FMT_DER) >= 0) {
    id = key_id(certificate);
  }
  gnutls_x509_crt_deinit(certificate);
  return id;
}

std::optional<NodeId> key_id(gnutls_x509_crt_t certificate) {
  if (gnutls_x509_crt_get_pk_algorithm(certificate, nullptr) != GNUTLS_PK_EDDSA_ED25519) {
    return std::nullopt;
  }
  std::array<unsigned char, NodeId::kBytes> hash;
  std::size_t size = hash.size();
  if (gnutls_x509_crt_get_key_id(certificate, GNUTLS_KEYID_USE_SHA256, hash.data(), &size) < 0) {
    return std::nullopt;
  }
  return id_from_bytes(text_of(hash.data(), size));
}

}  // namespace macula::dht::quic
