// A hostile client: an engine with a key and a socket of its own, in the loop of whom it attacks.
//
//   Stranger stranger(node);                     // dials it; 78, 79, .. are others' keys
//   stranger.greet();                            // CONNECT, as a client
//   const StreamId asked = stranger.ask(wire::Ping{1});
//   node.run_until([&] { return stranger.answered(asked); }, kPatience);
//   stranger.say(bytes, false);                  // any bytes, on a stream of their own
//   stranger.begin(wire::Cast{..});              // a frame whose last byte never comes
//
// All that the peer says is kept: `heard`, `ended`, `broken` by stream, `closed` for the
// connection. One that is `silent` reads and says nothing any more. A stranger that goes closes its
// connections.
#pragma once

#include <sys/epoll.h>
#include <sys/socket.h>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dht/quic/udp/socket_address.h"
#include "dht/wire/frame_reader.h"
#include "tests/dht/quic/hostile/attacked_node.h"

namespace macula::dht::quic {

// Calls of the same number have the same id.
[[nodiscard]] inline wire::Call call_of(std::string procedure, std::uint32_t number,
                                        Duration timeout, std::string args = "1") {
  wire::Call call{std::move(procedure), std::move(args), {}, std::nullopt};
  for (std::size_t i = 0; i < 4; ++i) {
    call.call_id[i] = static_cast<std::uint8_t>(number >> (8 * i));
  }
  call.timeout_ms = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(timeout).count());
  return call;
}

class Stranger final : public EngineEvents, public LoopMember {
 public:
  // Dials nobody; from 127.0.0.`host`.
  struct Listens {
    std::uint8_t host = 1;
  };

  // `family`: AF_INET or AF_INET6.
  Stranger(Arena& arena, Listens at, std::uint64_t number, const EngineConfig& config = {},
           int family = AF_INET)
      : credentials(credentials_of(number)),
        random_(number),
        arena_(arena),
        loop_(arena.arena_loop()),
        socket(loopback_socket(family, at.host)),
        engine(config, credentials, random_, *this) {
    arena_.add(socket);
    watch_ = loop_.watch(socket.fd(), EPOLLIN, [this](std::uint32_t) { read(); });
    loop_.join(*this);
  }
  Stranger(Arena& arena, const Endpoint& victim, std::uint64_t number)
      : Stranger(arena, Listens{}, number, {}, family_of(victim)) {
    dial(victim);
  }
  explicit Stranger(AttackedNode& node, std::uint64_t number = 77, const EngineConfig& config = {})
      : Stranger(node, Listens{}, number, config) {
    dial(node.endpoint());
  }
  ~Stranger() {
    for (const ConnectionId each : all_) engine.close(each, 0, "bye");
    static_cast<void>(settle(loop_.now()));
    loop_.leave(*this);
    arena_.remove(socket);
    loop_.forget(*watch_);
  }
  Stranger(const Stranger&) = delete;
  Stranger& operator=(const Stranger&) = delete;

  // One more connection; all that is said from now on goes over it.
  void dial(const Endpoint& remote) {
    connection = *engine.dial(remote, std::nullopt, loop_.now());
    all_.push_back(connection);
  }

  // ----- what it says -----
  StreamId say(std::string bytes, bool fin) {
    const StreamId stream = *engine.open_stream(connection);
    engine.write(connection, stream, std::move(bytes), fin);
    return stream;
  }
  StreamId ask(const wire::Message& message) { return say(encoded(message), true); }
  // All of the frame but its last byte.
  StreamId begin(const wire::Message& message) {
    std::string frame = encoded(message);
    frame.pop_back();
    return say(std::move(frame), false);
  }
  // CONNECT: without an endpoint, as a client.
  StreamId greet(const std::optional<Endpoint>& announced = std::nullopt,
                 std::vector<std::string> capabilities = {}) {
    wire::Connect connect;
    connect.node_id = credentials.id();
    connect.capabilities = std::move(capabilities);
    if (announced) {
      connect.endpoint = format_endpoint(*announced);
    } else {
      connect.capabilities.emplace_back("client");
    }
    return ask(connect);
  }

  // ----- what it hears -----
  [[nodiscard]] bool answered(StreamId stream) const {
    const auto at = heard.find(stream);
    return at != heard.end() && !at->second.empty();
  }
  // The first message on the stream, once it is whole. Contacts are of `book`.
  [[nodiscard]] std::optional<wire::Message> answer(StreamId stream) {
    wire::FrameReader reader;
    reader.feed(heard[stream]);
    const auto frame = reader.next();
    if (!frame || !*frame) return std::nullopt;
    auto message = wire::decode((*frame)->type, (*frame)->payload, book);
    if (!message) return std::nullopt;
    return std::move(*message);
  }

  // ----- loop and engine -----
  [[nodiscard]] Time settle(Time now) override {
    if (silent) return kTimeMax;
    if (engine.next_expiry() <= now) engine.on_expiry(now);
    engine.flush(now, socket);
    socket.flush();
    return engine.next_expiry();
  }
  void on_connected(ConnectionId id, const Connected& connected) override {
    if (!connected.dialled) all_.push_back(id);
    connection = id;
    up = true;
    ++connections;
  }
  void on_closed(ConnectionId, const Closed& why) override {
    closed = why;
    ++ends;
  }
  void on_stream_data(ConnectionId id, StreamId stream, std::string_view bytes, bool fin) override {
    heard[stream].append(bytes);
    if (reads) engine.consume(id, stream, bytes.size());
    if (fin) ended.insert(stream);
    if (on_heard) on_heard(id, stream, bytes, fin);
  }
  void on_stream_closed(ConnectionId, StreamId stream, bool was_broken) override {
    if (was_broken) broken.insert(stream);
  }

  Credentials credentials;
  ContactBook book;

 private:
  void read() {
    const Time now = loop_.now();
    while (socket.receive([&](const Endpoint& remote, std::string_view datagram) {
      if (silent || hears == 0) return;
      if (hears != kAll) --hears;
      engine.receive(remote, datagram, now);
    }) == UdpSocket::kBatch) {
    }
  }

  SeededRandom random_;
  Arena& arena_;
  Loop& loop_;
  std::vector<ConnectionId> all_;
  std::optional<Loop::WatchId> watch_;

 public:
  UdpSocket socket;
  Engine engine;
  ConnectionId connection{};
  static constexpr std::size_t kAll = std::size_t{0} - 1;
  std::size_t hears = kAll;  // so many datagrams more
  bool reads = true;         // gives its peer credit
  bool silent = false;       // hears nothing, and says nothing
  bool up = false;
  std::size_t connections = 0;  // that came up
  std::size_t ends = 0;         // that have ended
  std::optional<Closed> closed;
  std::map<StreamId, std::string> heard;
  std::set<StreamId> ended;
  std::set<StreamId> broken;
  // Called where more was heard: for one that answers.
  std::function<void(ConnectionId, StreamId, std::string_view bytes, bool fin)> on_heard;
};

// A newcomer with a fresh key wants of the node, within `limit`: a connection, answers to a ping
// and a find, and a record that is stored and found. Empty: it gets all of it; else what is
// missing.
[[nodiscard]] inline std::string missed_by_newcomer(Arena& arena, const Endpoint& victim,
                                                    std::uint64_t number, Duration limit) {
  Loop& loop = arena.arena_loop();
  const Time end = loop.now() + limit;
  Stranger newcomer(arena, victim, number);
  const auto in_time = [&](const std::function<bool()>& condition) {
    return arena.run_until(condition, std::max(end - loop.now(), Duration{0}));
  };
  if (!in_time([&] { return newcomer.up; })) return "a connection";
  newcomer.greet();
  const StreamId ping = newcomer.ask(wire::Ping{number});
  if (!in_time([&] { return newcomer.answered(ping); })) return "a pong";
  const Key key = hash_id("of newcomer " + std::to_string(number));
  const StreamId found = newcomer.ask(wire::FindNode{key});
  if (!in_time([&] { return newcomer.answered(found); })) return "nodes";
  const auto value = std::make_shared<const wire::Value>(wire::Value{"of newcomer"});
  newcomer.ask(wire::Store{key, {value}});
  StreamId read = newcomer.ask(wire::FindValue{key});
  const bool same = in_time([&] {
    const auto answer = newcomer.answer(read);
    if (!answer) return false;
    const auto* reply = std::get_if<wire::FindValueReply>(&*answer);
    const auto* records =
        reply == nullptr ? nullptr : std::get_if<std::vector<wire::Record>>(&reply->result);
    if (records != nullptr && !records->empty()) return *records->front().value == *value;
    read = newcomer.ask(wire::FindValue{key});
    return false;
  });
  return same ? std::string() : "its record";
}
[[nodiscard]] inline std::string missed_by_newcomer(AttackedNode& node, std::uint64_t number,
                                                    Duration limit) {
  return missed_by_newcomer(node, node.endpoint(), number, limit);
}

}  // namespace macula::dht::quic
