#include "dht/quic/udp/driver.h"

#include <sys/epoll.h>

#include <algorithm>

#include "base/check.h"

namespace macula::dht::quic {
namespace {

// Batches of one round: beyond it others have their turn, and what was received is answered.
constexpr int kBatchesOfARound = 4;
constexpr Duration kBlockedPause = std::chrono::milliseconds(1);

}  // namespace

Driver::Driver(Loop& loop, UdpSocket& socket, QuicHost& host)
    : loop_(loop), socket_(socket), host_(host) {
  watch_ = loop_.watch(socket_.fd(), EPOLLIN, [this](std::uint32_t ready) { on_ready(ready); });
  MACULA_CHECK(watch_.has_value());
  loop_.join(*this);
}

Driver::~Driver() {
  loop_.leave(*this);
  loop_.forget(*watch_);
}

void Driver::on_ready(std::uint32_t ready) {
  if ((ready & EPOLLOUT) != 0) static_cast<void>(socket_.flush());
  const Time now = loop_.now();
  for (int i = 0; i < kBatchesOfARound; ++i) {
    const std::size_t count =
        socket_.receive([this, now](const Endpoint& remote, std::string_view datagram) {
          host_.receive(remote, datagram, now, socket_.arrived_at());
          // Answered before the next one is read, so that both ends of a busy connection work at
          // the same time: half as many requests again a second as with an answer for each batch.
          if (host_.has_written()) send(now);
        });
    if (count < UdpSocket::kBatch) break;
  }
}

void Driver::send(Time now) {
  // While the socket is blocked the host keeps what it has: its queues know limits, ours drops.
  if (!blocked_) host_.flush(now, socket_);
  const bool blocked = !socket_.flush();
  if (blocked == blocked_) return;
  blocked_ = blocked;
  loop_.change(*watch_, blocked ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

Time Driver::settle(Time now) {
  if (host_.next_expiry() <= now) host_.advance(now);
  send(now);
  // Datagrams of the host while the socket is blocked are always due: epoll says when they go.
  return blocked_ ? std::max(host_.next_expiry(), now + kBlockedPause) : host_.next_expiry();
}

}  // namespace macula::dht::quic
