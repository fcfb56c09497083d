// A UDP socket in a loop, as a node has it, with nothing above it.
//
//   UdpEnd end(loop);
//   end.on_datagram([&](const Endpoint& remote, std::string_view datagram) { ... });
//   end.send(remote, datagram);
#pragma once

#include <functional>
#include <string_view>
#include <utility>

#include "dht/quic/udp/loop.h"
#include "dht/quic/udp/udp_socket.h"

namespace macula::dht::quic {

class UdpEnd {
 public:
  using OnDatagram = std::function<void(const Endpoint& remote, std::string_view datagram)>;

  explicit UdpEnd(Loop& loop);
  ~UdpEnd() { loop_.forget(watch_); }
  UdpEnd(const UdpEnd&) = delete;
  UdpEnd& operator=(const UdpEnd&) = delete;

  [[nodiscard]] const Endpoint& local() const { return socket_.local(); }
  void on_datagram(OnDatagram told) { on_datagram_ = std::move(told); }
  // At once, as EngineEnd answers each datagram before it reads the next one.
  void send(const Endpoint& remote, std::string_view datagram);

 private:
  void on_ready();

  Loop& loop_;
  UdpSocket socket_;
  OnDatagram on_datagram_;
  Loop::WatchId watch_;
};

}  // namespace macula::dht::quic
