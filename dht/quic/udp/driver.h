// Drives one QuicHost with one socket, as a member of a loop.
//
//   Driver driver(loop, socket, host);   // until the driver goes
//
// A round of the loop: datagrams that have come in go to the host, what is due is done, what the
// host has to say leaves in batches, and the host says when it wants to be asked again.
#pragma once

#include <optional>

#include "dht/quic/host/quic_host.h"
#include "dht/quic/udp/loop.h"
#include "dht/quic/udp/udp_socket.h"

namespace macula::dht::quic {

class Driver final : public LoopMember {
 public:
  // All must outlive the driver.
  Driver(Loop& loop, UdpSocket& socket, QuicHost& host);
  ~Driver();
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  [[nodiscard]] Time settle(Time now) override;

 private:
  void on_ready(std::uint32_t ready);
  // Sends the host's datagrams, as far as the socket takes them.
  void send(Time now);

  Loop& loop_;
  UdpSocket& socket_;
  QuicHost& host_;
  std::optional<Loop::WatchId> watch_;
  bool blocked_ = false;  // the socket takes no more for now
};

}  // namespace macula::dht::quic
