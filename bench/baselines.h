// What QUIC is held against: plain datagrams there and back, and TLS 1.3 over TCP.
//
//   UdpPingPong udp;                      // its other end is a thread
//   udp.exchange();                       // 64 bytes there and back
//   TlsServer server;
//   server.connect();                     // TCP, mutual TLS, one byte there and back, closed
#pragma once

#include <gnutls/gnutls.h>

#include <array>
#include <cstdint>
#include <thread>

#include "dht/quic/udp/unique_fd.h"

namespace macula::dht::quic {

inline constexpr std::size_t kRequestBytes = 64;

// Both ends wait with epoll, receive and send: three system calls a message.
class UdpPingPong {
 public:
  UdpPingPong();
  ~UdpPingPong();
  UdpPingPong(const UdpPingPong&) = delete;
  UdpPingPong& operator=(const UdpPingPong&) = delete;

  void exchange();

 private:
  struct End {
    UniqueFd socket;
    UniqueFd epoll;
  };
  static End open();
  static std::size_t receive(const End& end, std::array<char, kRequestBytes>& buffer);

  End near_;
  End far_;
  std::thread thread_;  // sends back what comes, until an empty datagram
};

// Serves one connection after another on a thread. Both ends show an Ed25519 certificate and take
// the other's id from it, as in QUIC, and the same cipher and group are used.
class TlsServer {
 public:
  TlsServer();
  ~TlsServer();
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  // As a client. The byte comes back once the server has accepted the client's certificate.
  void connect();

 private:
  void serve();
  [[nodiscard]] gnutls_session_t session(unsigned flags, int fd) const;

  gnutls_certificate_credentials_t credentials_ = nullptr;
  gnutls_priority_t priority_ = nullptr;
  UniqueFd listener_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace macula::dht::quic
