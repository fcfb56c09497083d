#include "bench/udp_end.h"

#include <sys/epoll.h>

#include "base/check.h"
#include "bench/engine_end.h"

namespace macula::dht::quic {

UdpEnd::UdpEnd(Loop& loop)
    : loop_(loop),
      socket_(bind_loopback()),
      watch_(loop.watch(socket_.fd(), EPOLLIN, [this](std::uint32_t) { on_ready(); }).value()) {}

void UdpEnd::send(const Endpoint& remote, std::string_view datagram) {
  socket_.send(remote, datagram);
  MACULA_CHECK(socket_.flush());
}

void UdpEnd::on_ready() {
  for (int i = 0; i < kBatchesOfARound; ++i) {
    const std::size_t count =
        socket_.receive([this](const Endpoint& remote, std::string_view datagram) {
          on_datagram_(remote, datagram);
        });
    if (count < UdpSocket::kBatch) break;
  }
}

}  // namespace macula::dht::quic
