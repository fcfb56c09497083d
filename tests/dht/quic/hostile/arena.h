// Where strangers meet their victims: a loop, and a clock that stands still while datagrams are on
// their way between the sockets that it knows.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/check.h"
#include "base/time.h"
#include "dht/quic/udp/loop.h"
#include "dht/quic/udp/udp_socket.h"

namespace macula::dht::quic {

class Arena {
 public:
  [[nodiscard]] virtual Loop& arena_loop() = 0;
  // Until the condition holds; false where it does not in time.
  virtual bool run_until(const std::function<bool()>& condition, Duration limit) = 0;

  void add(const UdpSocket& socket) { sockets_.push_back(&socket); }
  void remove(const UdpSocket& socket) {
    const auto at = std::find(sockets_.begin(), sockets_.end(), &socket);
    MACULA_CHECK(at != sockets_.end());
    sockets_.erase(at);
    of_former_ += under_way_at(socket);
  }

 protected:
  ~Arena() = default;

  // Datagrams sent and not yet received.
  [[nodiscard]] std::int64_t under_way_in_arena() const {
    std::int64_t count = of_former_;
    for (const UdpSocket* socket : sockets_) count += under_way_at(*socket);
    return count;
  }

 private:
  static std::int64_t under_way_at(const UdpSocket& socket) {
    return static_cast<std::int64_t>(socket.counters().sent) -
           static_cast<std::int64_t>(socket.counters().received);
  }

  std::vector<const UdpSocket*> sockets_;
  std::int64_t of_former_ = 0;
};

}  // namespace macula::dht::quic
