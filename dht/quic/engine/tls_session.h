// TLS 1.3 of one connection: mutual, by self-signed Ed25519 certificates, with our own protocol
// name (ALPN) and without tickets.
//
//   TlsSession tls(TlsSession::Side::client, credentials, "macula", expected);
//   tls.attach(connection);                  // before the connection is used
//   tls.peer();                              // who the peer has shown to be, once it has
//
// The identity is checked inside the handshake, so that the wrong peer never sees an application
// byte; that it holds the private key is proven by TLS afterwards. The ngtcp2 connection must be
// deleted before its session.
#pragma once

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include <cstdint>
#include <optional>
#include <string>

#include "dht/contact/node_id.h"
#include "dht/quic/engine/credentials.h"
#include "dht/quic/engine/ngtcp2_api.h"

namespace macula::dht::quic {

class TlsSession {
 public:
  enum class Side : std::uint8_t { client, server };

  TlsSession(Side side, const Credentials& credentials, const std::string& alpn,
             const std::optional<NodeId>& expected);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  void attach(ngtcp2_conn* connection);
  // The handshake is done: lets go of all that GnuTLS keeps, about a quarter of what a connection
  // takes. Only tickets could still come, which nobody uses; keys are ngtcp2's own.
  void finish();
  [[nodiscard]] bool finished() const { return session_ == nullptr; }

  // Set while the handshake goes on; proven when it is complete.
  [[nodiscard]] const std::optional<NodeId>& peer() const { return peer_; }
  // The peer showed no Ed25519 certificate, or that of another.
  [[nodiscard]] bool refused_identity() const { return refused_; }

  // Called by GnuTLS with the peer's certificate: 0 accepts it.
  static int verify_peer(gnutls_session_t session);

 private:
  bool accepts(gnutls_session_t session);

  gnutls_session_t session_ = nullptr;
  ngtcp2_crypto_conn_ref reference_{};
  ngtcp2_conn* connection_ = nullptr;
  std::optional<NodeId> expected_;
  std::optional<NodeId> peer_;
  bool refused_ = false;
};

// SHA-256 of the public key (SPKI). Nothing where the key is not Ed25519.
[[nodiscard]] std::optional<NodeId> key_id(gnutls_x509_crt_t certificate);

// The id of the one certificate that the peer has shown, whose key the handshake proves.
[[nodiscard]] std::optional<NodeId> peer_id(gnutls_session_t session);

}  // namespace macula::dht::quic
