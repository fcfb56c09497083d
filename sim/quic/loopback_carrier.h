// Real time and real UDP sockets, on 127.0.0.0/8 only.
//
// At most kStep of time passes from one wait to the next: where the machine lets this process wait,
// the world waits, too. All its nodes live here, and none of them could have acted meanwhile.
//
// Each node has an address of its own there and a port that was free, so that runs at the same time
// do not meet. Throws std::runtime_error where the system gives no more sockets.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "dht/quic/udp/loop.h"
#include "dht/quic/udp/udp_socket.h"
#include "sim/quic/carrier.h"
#include "sim/quic/endpoint_index.h"

namespace macula::sim {

class LoopbackCarrier final : public Carrier {
 public:
  static constexpr Duration kStep = std::chrono::milliseconds(5);

  LoopbackCarrier();
  ~LoopbackCarrier() override;

  void add_node() override;
  void carry(NodeNumber from, NodeNumber to, std::string_view datagram) override;
  Time wait(Time due) override;

  // Where its socket is.
  [[nodiscard]] const dht::Endpoint& address(NodeNumber node) const {
    return sockets_[node]->local();
  }

 private:
  void on_ready(NodeNumber node);

  std::unique_ptr<dht::quic::Loop> loop_;
  std::vector<std::unique_ptr<dht::quic::UdpSocket>> sockets_;
  EndpointIndex nodes_;       // by address here
  Time now_ = kTimeZero;      // since the first wait
  std::optional<Time> real_;  // when time passed last, on the machine's clock
};

}  // namespace macula::sim
