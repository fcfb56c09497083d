// One QUIC engine with its socket in a loop, with nothing above it: the transport alone.
//
//   auto server = make_echo(loop, config);
//   EngineEnd client(loop, 2, config);
//   client.on_data([&](ConnectionId id, StreamId, std::string_view bytes, bool fin) { ... });
//   client.dial(server->local());
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "dht/quic/engine/credentials.h"
#include "dht/quic/engine/engine.h"
#include "dht/quic/udp/loop.h"
#include "dht/quic/udp/secure_random.h"
#include "dht/quic/udp/udp_socket.h"

namespace macula::dht::quic {

inline constexpr int kBatchesOfARound = 4;  // as Driver (dht/quic/udp) has it, and sends as it does

[[nodiscard]] Credentials bench_credentials(char number);
[[nodiscard]] UdpSocket bind_loopback();

class EngineEnd final : public EngineEvents, public LoopMember {
 public:
  using OnData = std::function<void(ConnectionId, StreamId, std::string_view bytes, bool fin)>;

  // `number` tells identities apart.
  EngineEnd(Loop& loop, char number, const EngineConfig& config);
  ~EngineEnd();
  EngineEnd(const EngineEnd&) = delete;
  EngineEnd& operator=(const EngineEnd&) = delete;

  [[nodiscard]] Engine& engine() { return engine_; }
  [[nodiscard]] const Endpoint& local() const { return socket_.local(); }
  [[nodiscard]] std::size_t connected() const { return connected_; }  // so far
  void dial(const Endpoint& remote) {
    MACULA_CHECK(engine_.dial(remote, std::nullopt, loop_.now()).has_value());
  }
  void on_data(OnData told) { on_data_ = std::move(told); }
  void on_up(std::function<void(ConnectionId)> told) { on_up_ = std::move(told); }

  void on_connected(ConnectionId id, const Connected& connected) override;
  void on_closed(ConnectionId id, const Closed& closed) override;
  void on_stream_data(ConnectionId id, StreamId stream, std::string_view bytes, bool fin) override;
  void on_stream_closed(ConnectionId id, StreamId stream, bool broken) override;
  [[nodiscard]] Time settle(Time now) override;

 private:
  void on_ready();
  void send(Time now);

  Loop& loop_;
  Credentials credentials_;
  SecureRandom random_;
  UdpSocket socket_;
  OnData on_data_;
  Engine engine_;
  Loop::WatchId watch_;
  std::function<void(ConnectionId)> on_up_;
  std::size_t connected_ = 0;
};

// An end that gives back what comes, on the same stream.
[[nodiscard]] std::shared_ptr<EngineEnd> make_echo(Loop& loop, const EngineConfig& config);

}  // namespace macula::dht::quic
