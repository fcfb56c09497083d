#include "bench/engine_end.h"

#include <sys/epoll.h>

#include <utility>

#include "dht/quic/udp/socket_address.h"

namespace macula::dht::quic {

UdpSocket bind_loopback() {
  auto socket = UdpSocket::bind(make_ipv4(kLoopback, 0));
  MACULA_CHECK(socket.has_value());
  return std::move(*socket);
}

Credentials bench_credentials(char number) {
  auto credentials = Credentials::from_seed(std::string(Credentials::kSeedBytes, number));
  MACULA_CHECK(credentials.has_value());
  return std::move(*credentials);
}

EngineEnd::EngineEnd(Loop& loop, char number, const EngineConfig& config)
    : loop_(loop),
      credentials_(bench_credentials(number)),
      socket_(bind_loopback()),
      engine_(config, credentials_, random_, *this),
      watch_(loop.watch(socket_.fd(), EPOLLIN, [this](std::uint32_t) { on_ready(); }).value()) {
  loop_.join(*this);
}

EngineEnd::~EngineEnd() {
  loop_.leave(*this);
  loop_.forget(watch_);
}

void EngineEnd::on_ready() {
  const Time now = loop_.now();
  for (int i = 0; i < kBatchesOfARound; ++i) {
    const std::size_t count =
        socket_.receive([this, now](const Endpoint& remote, std::string_view datagram) {
          engine_.receive(remote, datagram, now);
          if (engine_.has_written()) send(now);
        });
    if (count < UdpSocket::kBatch) break;
  }
}

void EngineEnd::send(Time now) {
  engine_.flush(now, socket_);
  MACULA_CHECK(socket_.flush());
}

Time EngineEnd::settle(Time now) {
  if (engine_.next_expiry() <= now) engine_.on_expiry(now);
  send(now);
  return engine_.next_expiry();
}

void EngineEnd::on_connected(ConnectionId id, const Connected& /*connected*/) {
  ++connected_;
  if (on_up_) on_up_(id);
}

void EngineEnd::on_closed(ConnectionId /*id*/, const Closed& /*closed*/) {}

void EngineEnd::on_stream_data(ConnectionId id, StreamId stream, std::string_view bytes, bool fin) {
  engine_.consume(id, stream, bytes.size());
  on_data_(id, stream, bytes, fin);
}

void EngineEnd::on_stream_closed(ConnectionId /*id*/, StreamId /*stream*/, bool /*broken*/) {}

std::shared_ptr<EngineEnd> make_echo(Loop& loop, const EngineConfig& config) {
  auto end = std::make_shared<EngineEnd>(loop, 1, config);
  end->on_data(
      [self = end.get()](ConnectionId id, StreamId stream, std::string_view bytes, bool fin) {
        self->engine().write(id, stream, std::string(bytes), fin);
      });
  return end;
}

}  // namespace macula::dht::quic
