// A peer of bad faith: it listens, says where, and answers what it is asked as its test says.
//
//   Liar liar(arena, 99, [&](const wire::Message& asked) { return ...; });   // nothing: silence
//   liar.meet(endpoint);                 // dials a node, and enters its table
//   liar.tell_all(wire::LeaveCopy{..});  // to all that are connected
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "dht/wire/frame_reader.h"
#include "tests/dht/quic/hostile/stranger.h"

namespace macula::dht::quic {

class Liar {
 public:
  using Answer = std::function<std::optional<wire::Message>(const wire::Message& asked)>;

  Liar(Arena& arena, std::uint64_t number, Answer answer)
      : stranger(arena, Stranger::Listens{}, number), answer_(std::move(answer)) {
    stranger.on_heard = [this](ConnectionId connection, StreamId stream, std::string_view bytes,
                               bool) { hear(connection, stream, bytes); };
  }

  [[nodiscard]] Endpoint at() const { return stranger.socket.local(); }
  [[nodiscard]] const NodeId& id() const { return stranger.credentials.id(); }

  void meet(const Endpoint& node) {
    stranger.dial(node);
    introduced_.insert(stranger.connection);
    stranger.greet(at());
    stranger.ask(wire::Ping{1});
  }
  void tell_all(const wire::Message& message) {
    for (const ConnectionId each : introduced_) say(each, message);
  }

  Stranger stranger;
  std::size_t asked = 0;  // messages that want an answer, but for pings

 private:
  void hear(ConnectionId connection, StreamId stream, std::string_view bytes) {
    wire::FrameReader& reader = readers_[{connection, stream}];
    reader.feed(bytes);
    while (const auto frame = reader.next()) {
      if (!*frame) return;
      const auto message = wire::decode((*frame)->type, (*frame)->payload, stranger.book);
      if (message) answer(connection, stream, *message);
    }
  }
  void answer(ConnectionId connection, StreamId stream, const wire::Message& message) {
    if (std::holds_alternative<wire::Connect>(message)) {
      reply(connection, stream, wire::Pong{1, 1});
      introduce(connection);
    } else if (const auto* ping = std::get_if<wire::Ping>(&message)) {
      reply(connection, stream, wire::Pong{ping->timestamp, 1});
    } else if (wire::wants_answer(message)) {
      ++asked;
      if (const auto lie = answer_(message)) reply(connection, stream, *lie);
    }
  }
  // On a connection that the other end has dialled.
  void introduce(ConnectionId connection) {
    if (!introduced_.insert(connection).second) return;
    wire::Connect connect;
    connect.node_id = id();
    connect.endpoint = format_endpoint(at());
    say(connection, connect);
  }
  void say(ConnectionId connection, const wire::Message& message) {
    const auto stream = stranger.engine.open_stream(connection);
    if (!stream) return;  // it has gone
    reply(connection, *stream, message);
  }
  void reply(ConnectionId connection, StreamId stream, const wire::Message& message) {
    stranger.engine.write(connection, stream, wire::encode(message, stranger.book), true);
  }

  Answer answer_;
  std::set<ConnectionId> introduced_;
  std::map<std::pair<ConnectionId, StreamId>, wire::FrameReader> readers_;
};

}  // namespace macula::dht::quic
