#include "sim/quic/loopback_carrier.h"

#include <sys/epoll.h>

#include <algorithm>
#include <stdexcept>
#include <string>

#include "base/check.h"
#include "dht/quic/udp/monotonic_clock.h"

namespace macula::sim {
namespace {

constexpr std::uint32_t kFirstAddress = 0x7f400001;  // 127.64.0.1

}  // namespace

LoopbackCarrier::LoopbackCarrier() {
  auto loop = dht::quic::Loop::create();
  if (!loop) throw std::runtime_error(loop.error());
  loop_ = std::move(*loop);
}

LoopbackCarrier::~LoopbackCarrier() = default;

void LoopbackCarrier::add_node() {
  const auto node = static_cast<NodeNumber>(sockets_.size());
  auto socket = dht::quic::UdpSocket::bind(dht::make_ipv4(kFirstAddress + node, 0));
  if (!socket) throw std::runtime_error(socket.error().message);
  sockets_.push_back(std::make_unique<dht::quic::UdpSocket>(std::move(*socket)));
  nodes_.add(address(node), node);
  const auto watch =
      loop_->watch(sockets_.back()->fd(), EPOLLIN, [this, node](std::uint32_t) { on_ready(node); });
  MACULA_CHECK(watch.has_value());
}

// Datagrams from elsewhere are not of this network.
void LoopbackCarrier::on_ready(NodeNumber node) {
  sockets_[node]->receive([&](const dht::Endpoint& remote, std::string_view datagram) {
    const NodeNumber from = nodes_.find(remote);
    if (from != kNoNode) arrive(from, node, datagram);
  });
}

void LoopbackCarrier::carry(NodeNumber from, NodeNumber to, std::string_view datagram) {
  sockets_[from]->send(address(to), datagram);
  sockets_[from]->flush();
}

Time LoopbackCarrier::wait(Time due) {
  if (!real_) real_ = dht::quic::monotonic_now();
  loop_->run_once(std::clamp(due - now_, Duration{0}, kStep));
  const Time real = dht::quic::monotonic_now();
  now_ += std::min(real - *real_, kStep);
  real_ = real;
  return now_;
}

}  // namespace macula::sim
