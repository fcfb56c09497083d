// A whole node on a loopback socket, a well-behaved neighbour, and strangers who are not.
//
//   AttackedNode node;                               // with a neighbour that is connected
//   Stranger stranger(node);                         // an engine of its own on a socket of its own
//   node.run_until([&] { return stranger.up; }, patience, stranger);
//   EXPECT_TRUE(node.serves());                      // the neighbour is answered
//
// Everything lives on this thread: `run` gives the node, the neighbour and the strangers their
// turns.
#pragma once

#include <gtest/gtest.h>
#include <malloc.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "dht/node.h"
#include "dht/quic/host/quic_host.h"
#include "dht/quic/udp/driver.h"
#include "dht/quic/udp/loop.h"
#include "dht/quic/udp/udp_socket.h"
#include "dht/wire/codec.h"
#include "tests/dht/quic/engine/wire_pair.h"

namespace macula::dht::quic {

// A guard against hangs, however busy the machine is.
inline constexpr Duration kPatience = std::chrono::minutes(1);

inline std::string encoded(const wire::Message& message) {
  const ContactBook book;
  return wire::encode(message, book);
}

inline UdpSocket loopback_socket() {
  auto socket = UdpSocket::bind(make_ipv4(0x7f000001, 0));
  MACULA_CHECK(socket.has_value());
  return std::move(*socket);
}

// Bytes of memory that this process holds, what was freed given back.
inline std::size_t resident_bytes() {
  malloc_trim(0);
  std::ifstream file("/proc/self/statm");
  std::size_t all = 0;
  std::size_t resident = 0;
  file >> all >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

struct NoApplication final : Application {
  void on_call(CallHandle, const std::string&, const wire::Bytes&) override {}
  void on_cast(const std::string&, const wire::Bytes&) override {}
};

struct HostedNode {
  HostedNode(Loop& loop, std::uint64_t number, const HostConfig& config, RecordStore* records)
      : credentials(credentials_of(number)), random(number), socket(loopback_socket()) {
    self = *book.intern({credentials.id(), socket.local(), std::nullopt});
    host = std::make_unique<QuicHost>(book, self, credentials, config, random, loop.now());
    node =
        std::make_unique<Node>(*host, book, protocol, NodeConfig{self, {}, records}, application);
    host->start(*node);
    driver = std::make_unique<Driver>(loop, socket, *host);
  }
  Credentials credentials;
  SeededRandom random;
  UdpSocket socket;
  Protocol protocol;
  ContactBook book;
  ContactRef self{};
  NoApplication application;
  std::unique_ptr<QuicHost> host;
  std::unique_ptr<Node> node;
  std::unique_ptr<Driver> driver;
};

class Acting {
 public:
  virtual void act(Time now) = 0;

 protected:
  ~Acting() = default;
};

class AttackedNode {
 public:
  explicit AttackedNode(const HostConfig& config = {}, RecordStore* records = nullptr)
      : target(*loop, 1, config, records), neighbour(*loop, 2, {}, nullptr) {
    target.node->start();
    neighbour.node->start();
    EXPECT_TRUE(serves());
  }

  // Until the condition holds; false where it does not in time.
  bool run_until(const std::function<bool()>& condition, Duration limit,
                 const std::vector<Acting*>& others = {}) {
    const Time end = loop->now() + limit;
    while (!condition()) {
      if (loop->now() >= end) return false;
      for (Acting* other : others) other->act(loop->now());
      loop->run_once(others.empty() ? std::chrono::milliseconds(2)
                                    : std::chrono::microseconds(200));
      highest_half_open = std::max(highest_half_open, engine().half_open());
    }
    return true;
  }
  void run(Duration duration, const std::vector<Acting*>& others = {}) {
    run_until([] { return false; }, duration, others);
  }
  // Whatever has come in is read.
  void settle() {
    for (int i = 0; i < 8; ++i) loop->run_once(Duration{0});
    highest_half_open = std::max(highest_half_open, engine().half_open());
  }
  // The neighbour asks over its connection, and is answered.
  bool serves(const std::vector<Acting*>& others = {}) {
    std::optional<bool> answered;
    neighbour.host->advance(loop->now());
    const ContactRef to =
        *neighbour.book.intern({target.credentials.id(), target.socket.local(), std::nullopt});
    neighbour.node->ping(to, kPatience,
                         [&](const PingResult& result) { answered = result.answered; });
    run_until([&] { return answered.has_value(); }, kPatience, others);
    return answered.value_or(false);
  }

  [[nodiscard]] const Engine& engine() const { return target.host->engine(); }
  [[nodiscard]] Endpoint endpoint() const { return target.socket.local(); }

  std::unique_ptr<Loop> loop = *Loop::create();
  HostedNode target;
  HostedNode neighbour;
  std::size_t highest_half_open = 0;
};

// Speaks QUIC and says what its test wants.
class Stranger final : public EngineEvents, public Acting {
 public:
  explicit Stranger(AttackedNode& node, std::uint64_t number = 77,
                    const std::string& alpn = "macula")
      : credentials(credentials_of(number)),
        random_(number),
        socket(loopback_socket()),
        engine(config_of(alpn), credentials, random_, *this) {
    connection = *engine.dial(node.endpoint(), std::nullopt, node.loop->now());
  }
  // Listens only.
  Stranger(std::uint64_t number)
      : credentials(credentials_of(number)),
        random_(number),
        socket(loopback_socket()),
        engine(config_of("macula"), credentials, random_, *this) {}

  StreamId say(std::string bytes, bool fin) {
    const StreamId stream = *engine.open_stream(connection);
    engine.write(connection, stream, std::move(bytes), fin);
    return stream;
  }
  void act(Time now) override {
    while (socket.receive([&](const Endpoint& remote, std::string_view datagram) {
      engine.receive(remote, datagram, now);
    }) == UdpSocket::kBatch) {
    }
    if (engine.next_expiry() <= now) engine.on_expiry(now);
    engine.flush(now, socket);
    socket.flush();
  }

  void on_connected(ConnectionId id, const Connected&) override {
    connection = id;
    up = true;
  }
  void on_closed(ConnectionId, const Closed& why) override { closed = why; }
  void on_stream_data(ConnectionId id, StreamId stream, std::string_view bytes, bool fin) override {
    heard[stream].append(bytes);
    if (reads) engine.consume(id, stream, bytes.size());
    if (fin) ended.insert(stream);
  }
  void on_stream_closed(ConnectionId, StreamId stream, bool was_broken) override {
    if (was_broken) broken.insert(stream);
  }

  static EngineConfig config_of(const std::string& alpn) {
    EngineConfig config;
    config.alpn = alpn;
    return config;
  }

  Credentials credentials;

 private:
  SeededRandom random_;

 public:
  UdpSocket socket;
  Engine engine;
  ConnectionId connection{};
  bool reads = true;
  bool up = false;
  std::optional<Closed> closed;
  std::map<StreamId, std::string> heard;
  std::set<StreamId> ended;
  std::set<StreamId> broken;
};

// The first datagrams of `count` handshakes that never go on.
inline std::vector<std::string> first_datagrams(std::size_t count) {
  struct Events final : EngineEvents {
    void on_connected(ConnectionId, const Connected&) override {}
    void on_closed(ConnectionId, const Closed&) override {}
    void on_stream_data(ConnectionId, StreamId, std::string_view, bool) override {}
    void on_stream_closed(ConnectionId, StreamId, bool) override {}
  };
  struct Sink final : DatagramSink {
    void send(const Endpoint&, std::string_view datagram) override { all.emplace_back(datagram); }
    std::vector<std::string> all;
  };
  Sink sink;
  const Credentials credentials = credentials_of(99);
  SeededRandom random(99);
  while (sink.all.size() < count) {
    Events events;
    Engine engine({}, credentials, random, events);
    for (std::size_t i = 0; i < 50 && sink.all.size() + i < count; ++i) {
      MACULA_CHECK(engine.dial(make_ipv4(0x7f000001, 9), std::nullopt, kTimeZero).has_value());
    }
    engine.flush(kTimeZero, sink);
  }
  return sink.all;
}

}  // namespace macula::dht::quic
