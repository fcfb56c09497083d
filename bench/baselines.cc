#include "bench/baselines.h"

#include <arpa/inet.h>
#include <gnutls/x509.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "base/check.h"
#include "bench/pinning.h"
#include "bench/run_until.h"
#include "dht/quic/engine/tls_session.h"

namespace macula::dht::quic {
namespace {

constexpr const char* kPriority =
    "NONE:+VERS-TLS1.3:+AEAD:+AES-128-GCM:+GROUP-X25519:+SIGN-EDDSA-ED25519:+CTYPE-X509";

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

sockaddr_in bind_loopback(int fd) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof(address);
  MACULA_CHECK(::bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0);
  MACULA_CHECK(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  return address;
}

void connect_to(int fd, sockaddr_in address) {
  MACULA_CHECK(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
}

// As in QUIC: one certificate, whose key is proven and gives the peer's id. Any id will do here.
int has_id(gnutls_session_t session) {
  return peer_id(session) ? 0 : GNUTLS_E_CERTIFICATE_ERROR;
}

void add_certificate(gnutls_certificate_credentials_t credentials) {
  constexpr std::time_t kNotBefore = 1577836800;   // 2020-01-01
  constexpr std::time_t kNotAfter = 253402300799;  // RFC 5280, section 4.1.2.5: no end
  constexpr std::uint8_t kSerial = 1;
  gnutls_x509_privkey_t key = nullptr;
  gnutls_x509_crt_t certificate = nullptr;
  const char* bad = nullptr;
  MACULA_CHECK(gnutls_x509_privkey_init(&key) >= 0);
  MACULA_CHECK(gnutls_x509_privkey_generate(key, GNUTLS_PK_EDDSA_ED25519, 0, 0) >= 0);
  MACULA_CHECK(gnutls_x509_crt_init(&certificate) >= 0);
  MACULA_CHECK(gnutls_x509_crt_set_version(certificate, 3) >= 0);
  MACULA_CHECK(gnutls_x509_crt_set_serial(certificate, &kSerial, sizeof kSerial) >= 0);
  MACULA_CHECK(gnutls_x509_crt_set_dn(certificate, "CN=macula", &bad) >= 0);
  MACULA_CHECK(gnutls_x509_crt_set_activation_time(certificate, kNotBefore) >= 0);
  MACULA_CHECK(gnutls_x509_crt_set_expiration_time(certificate, kNotAfter) >= 0);
  MACULA_CHECK(gnutls_x509_crt_set_key(certificate, key) >= 0);
  MACULA_CHECK(gnutls_x509_crt_sign2(certificate, certificate, key, GNUTLS_DIG_SHA512, 0) >= 0);
  MACULA_CHECK(gnutls_certificate_set_x509_key(credentials, &certificate, 1, key) >= 0);
  gnutls_x509_crt_deinit(certificate);
  gnutls_x509_privkey_deinit(key);
}

}  // namespace

// ----- UDP -----

UdpBench::UdpBench()
    : server_([this](Loop& loop) {
        auto echo = std::make_shared<UdpEnd>(loop);
        echo->on_datagram([self = echo.get()](const Endpoint& remote, std::string_view datagram) {
          self->send(remote, datagram);
        });
        remote_ = echo->local();
        return echo;
      }),
      client_(*loop_) {
  client_.on_datagram([this](const Endpoint&, std::string_view datagram) {
    MACULA_CHECK(datagram.size() == kRequestBytes);
    --to_answer_;
    ask();
  });
}

void UdpBench::ask() {
  if (to_ask_ == 0) return;
  --to_ask_;
  client_.send(remote_, std::string(kRequestBytes, 'q'));
}

void UdpBench::run(int requests, int in_flight) {
  to_ask_ = to_answer_ = requests;
  for (int i = 0; i < in_flight; ++i) ask();
  run_until(*loop_, [this] { return to_answer_ == 0; });
}

// ----- TCP and TLS -----

TlsServer::TlsServer() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  constexpr int kBacklog = 64;
  MACULA_CHECK(gnutls_certificate_allocate_credentials(&credentials_) >= 0);
  add_certificate(credentials_);
  gnutls_certificate_set_verify_function(credentials_, has_id);
  MACULA_CHECK(gnutls_priority_init(&priority_, kPriority, nullptr) >= 0);
  port_ = ntohs(bind_loopback(listener_.get()).sin_port);
  MACULA_CHECK(::listen(listener_.get(), kBacklog) == 0);
  thread_ = std::thread([this] {
    pin_to_core(kFarCore);
    serve();
  });
}

// A connection that ends before its handshake stops the server.
TlsServer::~TlsServer() {
  {
    const UniqueFd last(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    connect_to(last.get(), loopback(port_));
  }
  thread_.join();
  gnutls_priority_deinit(priority_);
  gnutls_certificate_free_credentials(credentials_);
}

gnutls_session_t TlsServer::session(unsigned flags, int fd) const {
  const int one = 1;
  MACULA_CHECK(::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)) == 0);
  gnutls_session_t session = nullptr;
  MACULA_CHECK(gnutls_init(&session, flags | GNUTLS_NO_TICKETS) >= 0);
  MACULA_CHECK(gnutls_priority_set(session, priority_) >= 0);
  MACULA_CHECK(gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials_) >= 0);
  gnutls_transport_set_int(session, fd);
  return session;
}

void TlsServer::serve() {
  for (bool more = true; more;) {
    const UniqueFd fd(::accept(listener_.get(), nullptr, nullptr));
    gnutls_session_t tls = session(GNUTLS_SERVER, fd.get());
    gnutls_certificate_server_set_request(tls, GNUTLS_CERT_REQUIRE);
    more = gnutls_handshake(tls) == 0;
    char byte = 0;
    if (more && gnutls_record_recv(tls, &byte, 1) == 1) {
      MACULA_CHECK(gnutls_record_send(tls, &byte, 1) == 1);
    }
    gnutls_deinit(tls);
  }
}

void TlsServer::connect() {
  const UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  connect_to(fd.get(), loopback(port_));
  gnutls_session_t tls = session(GNUTLS_CLIENT | GNUTLS_KEY_SHARE_TOP, fd.get());
  MACULA_CHECK(gnutls_handshake(tls) == 0);
  char byte = 1;
  MACULA_CHECK(gnutls_record_send(tls, &byte, 1) == 1);
  MACULA_CHECK(gnutls_record_recv(tls, &byte, 1) == 1);
  gnutls_deinit(tls);
}

}  // namespace macula::dht::quic
