// A whole node on a loopback socket, and a well-behaved neighbour.
//
//   AttackedNode node;                               // with a neighbour that is connected
//   Stranger stranger(node);                         // stranger.h: the attacker
//   node.run_until([&] { return stranger.up; }, kPatience);
//   EXPECT_TRUE(node.serves());                      // the neighbour is answered
//   EXPECT_EQ(missed_by_newcomer(node, 900, seconds(1)), "");   // and so is somebody new
//
// Everything lives in one loop on this thread. With `Pace::stepped` its clock is set forward
// whenever nobody has anything to do: a test may wait for minutes, and a second is one however busy
// the machine is.
#pragma once

#include <gtest/gtest.h>
#include <malloc.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dht/node/node.h"
#include "dht/quic/host/quic_host.h"
#include "dht/quic/udp/driver.h"
#include "dht/quic/udp/loop.h"
#include "dht/quic/udp/udp_socket.h"
#include "dht/record/record_signature.h"
#include "dht/wire/codec.h"
#include "tests/dht/quic/engine/wire_pair.h"
#include "tests/dht/quic/hostile/arena.h"
#include "tests/dht/quic/udp/stepped_clock.h"

namespace macula::dht::quic {

inline constexpr std::size_t kMiB = std::size_t{1} << 20;

// A guard against hangs, however busy the machine is.
inline constexpr Duration kPatience = std::chrono::minutes(1);

inline std::string encoded(const wire::Message& message) {
  const ContactBook book;
  return wire::encode(message, book);
}

// `host`: the last byte of its address, where that is one of IPv4.
inline UdpSocket loopback_socket(int family = AF_INET, std::uint8_t host = 1) {
  Endpoint at = make_ipv4(0x7f000000U | host, 0);
  if (family == AF_INET6) at = Endpoint{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 0};
  auto socket = UdpSocket::bind(at);
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

// Answers calls of `echo`, and no others.
struct EchoApplication final : Application {
  void on_call(CallHandle call, const std::string& procedure, const wire::Bytes& args) override {
    if (procedure == "echo") node->answer(call, args);
  }
  void on_cast(const std::string&, const wire::Bytes&) override {}
  Node* node = nullptr;
};

struct HostedNode {
  // `announced`: the address that it tells others, if not where it listens.
  HostedNode(Loop& loop, std::uint64_t number, const HostConfig& config, RecordStore* records,
             const std::optional<Endpoint>& announced = std::nullopt, const Protocol& protocol = {})
      : credentials(credentials_of(number)),
        signing_key(seed_of(number)),
        random(number),
        socket(loopback_socket()),
        protocol(protocol) {
    self = *book.intern({credentials.id(), announced.value_or(socket.local()), std::nullopt});
    host = std::make_unique<QuicHost>(book, self, credentials, config, random, loop.now());
    node =
        std::make_unique<Node>(*host, book, this->protocol,
                               NodeConfig{self, {}, records, &signing_key, nullptr}, application);
    application.node = node.get();
    host->start(*node);
    driver = std::make_unique<Driver>(loop, socket, *host);
  }
  Credentials credentials;
  SigningKey signing_key;  // the same key
  SeededRandom random;
  UdpSocket socket;
  Protocol protocol;
  ContactBook book;
  ContactRef self{};
  EchoApplication application;
  std::unique_ptr<QuicHost> host;
  std::unique_ptr<Node> node;
  std::unique_ptr<Driver> driver;
};

enum class Pace : std::uint8_t { real, stepped };

class AttackedNode final : public Arena {
 public:
  explicit AttackedNode(const HostConfig& config = {}, RecordStore* records = nullptr,
                        Pace pace = Pace::real)
      : loop(std::move(
            *Loop::create(pace == Pace::stepped ? static_cast<Clock&>(clock) : monotonic_clock()))),
        target(*loop, 1, config, records),
        neighbour(*loop, 2, {}, nullptr) {
    add(target.socket);
    add(neighbour.socket);
    target.node->start();
    neighbour.node->start();
    EXPECT_TRUE(serves());
  }

  bool run_until(const std::function<bool()>& condition, Duration limit) override {
    const Time end = loop->now() + limit;
    while (!condition()) {
      if (loop->now() >= end) return false;
      loop->run_once(std::chrono::milliseconds(2));
      highest_half_open = std::max(highest_half_open, engine().half_open());
    }
    return true;
  }
  void run(Duration duration) {
    run_until([] { return false; }, duration);
  }
  // The node reads all that has come in.
  void settle() {
    for (int i = 0; i < 8; ++i) loop->run_once(Duration{0});
    highest_half_open = std::max(highest_half_open, engine().half_open());
  }
  // The neighbour asks, and is answered.
  bool serves(Duration limit = kPatience) {
    auto answered = std::make_shared<std::optional<bool>>();
    neighbour.host->advance(loop->now());
    neighbour.node->ping(contact_of_target(), limit,
                         [answered](const PingResult& result) { *answered = result.answered; });
    run_until([&] { return answered->has_value(); }, kPatience);
    return answered->value_or(false);
  }
  // The node asks the neighbour, and is answered: from then on it knows it.
  bool gets_to_know_neighbour() {
    auto answered = std::make_shared<std::optional<bool>>();
    target.host->advance(loop->now());
    const ContactRef to =
        *target.book.intern({neighbour.credentials.id(), neighbour.socket.local(), std::nullopt});
    target.node->ping(to, kPatience,
                      [answered](const PingResult& result) { *answered = result.answered; });
    run_until([&] { return answered->has_value(); }, kPatience);
    return answered->value_or(false);
  }
  [[nodiscard]] ContactRef contact_of_target() {
    return *neighbour.book.intern({target.credentials.id(), target.socket.local(), std::nullopt});
  }

  [[nodiscard]] const Engine& engine() const { return target.host->engine(); }
  [[nodiscard]] const QuicHost::Counters& counters() const { return target.host->counters(); }
  [[nodiscard]] Endpoint endpoint() const { return target.socket.local(); }
  [[nodiscard]] Loop& arena_loop() override { return *loop; }

  SteppedClock clock{[this] { return under_way_in_arena(); }};
  std::unique_ptr<Loop> loop;
  HostedNode target;
  HostedNode neighbour;
  std::size_t highest_half_open = 0;
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
