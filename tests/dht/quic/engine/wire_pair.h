// Engines on an in-memory network in virtual time, for tests.
//
//   Wire wire;
//   Peer server(wire, 1), client(wire, 2);
//   const ConnectionId connection = client.dial(server);
//   wire.run(std::chrono::seconds(1));
//   EXPECT_TRUE(client.up.contains(connection));
//
// The network delays, loses, doubles, reorders and damages datagrams, all drawn from one seed.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/hash.h"
#include "base/time.h"
#include "dht/quic/engine/credentials.h"
#include "dht/quic/engine/engine.h"
#include "dht/quic/engine/random_source.h"

namespace macula::dht::quic {

class SeededRandom final : public RandomSource {
 public:
  explicit SeededRandom(std::uint64_t seed) : seed_(mix(seed, 0x5eed)) {}
  void fill(std::uint8_t* bytes, std::size_t count) override {
    for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<std::uint8_t>(draw() >> 32);
  }
  std::uint64_t draw() {
    ++drawn_;
    return mix(seed_, mix(drawn_, seed_), drawn_);
  }
  bool happens(std::uint64_t per_mille) { return draw() % 1000 < per_mille; }

 private:
  std::uint64_t seed_;
  std::uint64_t drawn_ = 0;
};

struct LinkConfig {
  Duration delay = std::chrono::milliseconds(10);
  Duration jitter = Duration::zero();  // uniform, on top of the delay: reorders
  std::uint64_t lost = 0;              // of a thousand datagrams
  std::uint64_t doubled = 0;
  std::uint64_t damaged = 0;
};

// A datagram as it was sent.
struct Sent {
  Time time;
  std::uint16_t from = 0;  // ports tell peers apart
  std::uint16_t to = 0;
  std::string bytes;
};

class Wire {
 public:
  explicit Wire(const LinkConfig& link = {}, std::uint64_t seed = 1) : link(link), random_(seed) {}

  void attach(const dht::Endpoint& address, Engine& engine) { engines_[address.port] = &engine; }
  void detach(const dht::Endpoint& address) { engines_.erase(address.port); }

  // Lets `duration` pass.
  void run(Duration duration) {
    run_until([] { return false; }, duration);
  }
  // Until the condition holds; false where it does not within `limit`.
  bool run_until(const std::function<bool()>& condition, Duration limit) {
    const Time end = now_ + limit;
    for (auto& [port, engine] : engines_) flush(port, *engine);
    for (std::size_t at_once = 0; !condition();) {
      const Time next = next_time();
      if (next > end) {
        now_ = end;
        return condition();
      }
      at_once = next > now_ ? 0 : at_once + 1;
      MACULA_CHECK(at_once < 100000);  // time goes on
      now_ = std::max(now_, next);
      step();
    }
    return true;
  }
  // A datagram from anybody, as it would come in now.
  void inject(const dht::Endpoint& from, const dht::Endpoint& to, std::string_view bytes) {
    const auto found = engines_.find(to.port);
    if (found == engines_.end()) return;
    found->second->receive(from, bytes, now_);
    flush(to.port, *found->second);
  }

  [[nodiscard]] Time now() const { return now_; }
  [[nodiscard]] const std::vector<Sent>& sent() const { return sent_; }
  void forget_sent() { sent_.clear(); }

  LinkConfig link;
  std::function<bool(const Sent&)> passes;  // where set: whether a datagram gets through
  bool keep_sent = true;

 private:
  struct Sink final : DatagramSink {
    Sink(Wire& wire, std::uint16_t from) : wire(wire), from(from) {}
    void send(const dht::Endpoint& remote, std::string_view datagram) override {
      wire.carry({wire.now_, from, remote.port, std::string(datagram)});
    }
    Wire& wire;
    std::uint16_t from;
  };

  void flush(std::uint16_t port, Engine& engine) {
    Sink sink(*this, port);
    engine.flush(now_, sink);
  }
  void carry(Sent sent) {
    if (keep_sent) sent_.push_back(sent);
    if (passes && !passes(sent)) return;
    if (random_.happens(link.lost)) return;
    if (random_.happens(link.doubled)) arrive_later(sent);
    if (random_.happens(link.damaged)) {
      sent.bytes[random_.draw() % sent.bytes.size()] ^= static_cast<char>(1 << random_.draw() % 8);
    }
    arrive_later(std::move(sent));
  }
  void arrive_later(Sent sent) {
    const Duration jitter{
        link.jitter > Duration::zero()
            ? static_cast<std::int64_t>(random_.draw() %
                                        static_cast<std::uint64_t>(link.jitter.count()))
            : 0};
    arrivals_.emplace(std::pair{now_ + link.delay + jitter, ++number_}, std::move(sent));
  }
  [[nodiscard]] Time next_time() const {
    Time next = arrivals_.empty() ? kTimeMax : arrivals_.begin()->first.first;
    for (const auto& [port, engine] : engines_) next = std::min(next, engine->next_expiry());
    return next;
  }
  void step() {
    if (!arrivals_.empty() && arrivals_.begin()->first.first <= now_) {
      const Sent sent = std::move(arrivals_.begin()->second);
      arrivals_.erase(arrivals_.begin());
      inject(make_ipv4(0x7f000001, sent.from), make_ipv4(0x7f000001, sent.to), sent.bytes);
      return;
    }
    for (auto& [port, engine] : engines_) {
      if (engine->next_expiry() > now_) continue;
      engine->on_expiry(now_);
      flush(port, *engine);
    }
  }

  SeededRandom random_;
  Time now_ = kTimeZero;
  std::map<std::uint16_t, Engine*> engines_;
  std::map<std::pair<Time, std::uint64_t>, Sent> arrivals_;
  std::uint64_t number_ = 0;
  std::vector<Sent> sent_;
};

inline std::string seed_of(std::uint64_t number) {
  SeededRandom random(number);
  std::string seed(Credentials::kSeedBytes, '\0');
  random.fill(reinterpret_cast<std::uint8_t*>(seed.data()), seed.size());
  return seed;
}

inline Credentials credentials_of(std::uint64_t number) {
  auto credentials = Credentials::from_seed(seed_of(number));
  MACULA_CHECK(credentials.has_value());
  return std::move(*credentials);
}

inline EngineConfig test_config(std::uint64_t number) {
  EngineConfig config;
  config.static_secret.assign(32, static_cast<char>(number));
  return config;
}

// One engine and what it has told. Its number is its port and the seed of its key.
class Peer final : public EngineEvents {
 public:
  Peer(Wire& wire, std::uint16_t number) : Peer(wire, number, test_config(number)) {}
  Peer(Wire& wire, std::uint16_t number, const EngineConfig& config)
      : address(make_ipv4(0x7f000001, number)),
        credentials(credentials_of(number)),
        wire_(wire),
        random_(number) {
    start(config);
  }
  ~Peer() { wire_.detach(address); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  // The engine is lost with all it knows, and another one starts.
  void start(const EngineConfig& config) {
    up.clear();
    closed.clear();
    last.reset();
    received.clear();
    ended_streams.clear();
    gone_streams.clear();
    engine = std::make_unique<Engine>(config, credentials, random_, *this);
    wire_.attach(address, *engine);
  }

  ConnectionId dial(const Peer& to) { return dial(to.address, to.credentials.id()); }
  ConnectionId dial(const dht::Endpoint& to, const std::optional<NodeId>& expected) {
    const auto connection = engine->dial(to, expected, wire_.now());
    MACULA_CHECK(connection.has_value());
    return *connection;
  }
  // Opens a stream with one message, which is its last.
  StreamId ask(ConnectionId connection, std::string message) {
    const auto stream = engine->open_stream(connection);
    MACULA_CHECK(stream.has_value());
    engine->write(connection, *stream, std::move(message), true);
    return *stream;
  }

  void on_connected(ConnectionId connection, const Connected& connected) override {
    MACULA_CHECK(up.emplace(connection, connected).second);
    MACULA_CHECK(!closed.contains(connection));
    last = connection;
  }
  void on_closed(ConnectionId connection, const Closed& why) override {
    MACULA_CHECK(closed.emplace(connection, why).second);
  }
  void on_stream_data(ConnectionId connection, StreamId stream, std::string_view bytes,
                      bool fin) override {
    MACULA_CHECK(up.contains(connection) && !closed.contains(connection));
    const auto key = std::pair{connection, stream};
    MACULA_CHECK(!ended_streams.contains(key) && !gone_streams.contains(key));
    received[key].append(bytes);
    if (fin) ended_streams.insert(key);
    if (consumes) engine->consume(connection, stream, bytes.size());
    if (echoes && fin && !connection_local(stream, connection)) {
      engine->write(connection, stream, received[key], true);
    }
    if (when_data) when_data(connection, stream, bytes, fin);
  }
  void on_stream_closed(ConnectionId connection, StreamId stream, bool broken) override {
    MACULA_CHECK(!closed.contains(connection));
    MACULA_CHECK(gone_streams.emplace(std::pair{connection, stream}, broken).second);
  }
  // Opened by this end.
  [[nodiscard]] bool connection_local(StreamId stream, ConnectionId connection) const {
    return ((stream & 1) == 0) == up.at(connection).dialled;
  }

  const dht::Endpoint address;
  const Credentials credentials;
  std::unique_ptr<Engine> engine;
  bool echoes = false;  // answers what a stream has brought, at its end
  bool consumes = true;
  std::map<ConnectionId, Connected> up;
  std::map<ConnectionId, Closed> closed;
  std::optional<ConnectionId> last;  // to come up
  std::map<std::pair<ConnectionId, StreamId>, std::string> received;
  std::set<std::pair<ConnectionId, StreamId>> ended_streams;
  std::map<std::pair<ConnectionId, StreamId>, bool> gone_streams;  // broken
  std::function<void(ConnectionId, StreamId, std::string_view, bool)> when_data;

 private:
  Wire& wire_;
  SeededRandom random_;
};

}  // namespace macula::dht::quic
