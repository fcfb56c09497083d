// The baselines of QUIC: plain datagrams there and back, and TLS 1.3 over TCP.
//
//   UdpBench udp;                         // its other end is a thread
//   udp.run(1'000, 64);                   // so many datagrams there and back, 64 in flight
//   TlsServer server;
//   server.connect();                     // TCP, mutual TLS, one byte there and back, closed
#pragma once

#include <gnutls/gnutls.h>

#include <cstdint>
#include <memory>
#include <thread>

#include "bench/loop_thread.h"
#include "bench/udp_end.h"
#include "dht/quic/udp/unique_fd.h"

namespace macula::dht::quic {

inline constexpr std::size_t kRequestBytes = 64;

// Datagrams of kRequestBytes. Both ends have the loop and the socket of a node, and so wait, poll
// and send as it does: all further costs are QUIC's own.
class UdpBench {
 public:
  UdpBench();
  void run(int requests, int in_flight);

 private:
  void ask();

  Endpoint remote_;
  LoopThread server_;
  std::unique_ptr<Loop> loop_ = std::move(*Loop::create());
  UdpEnd client_;
  int to_ask_ = 0;
  int to_answer_ = 0;
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
