// A peer that speaks QUIC and frames but is no QUIC host of ours: it says, byte by byte, what its
// test wants.
//
//   Stranger stranger(town, host);                    // dials it
//   const StreamId stream = stranger.say(encoded(wire::Ping{5}), true);
//   stranger.run();
//   stranger.heard[stream] ...
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "dht/wire/codec.h"
#include "tests/dht/quic/host/host_fixture.h"

namespace macula::dht::quic {

// A bare engine that dials a host and says what its test wants.
class Stranger final : public EngineEvents {
 public:
  Stranger(HostTown& town, const Resident& to)
      : town_(town),
        to_(to),
        credentials_(credentials_of(77)),
        random_(77),
        engine({}, credentials_, random_, *this) {
    connection = *engine.dial(to.endpoint, to.credentials.id(), town.wire.now());
  }

  StreamId say(const std::string& bytes, bool fin) {
    const StreamId stream = *engine.open_stream(connection);
    engine.write(connection, stream, bytes, fin);
    return stream;
  }
  // Both ends in turn, without delay.
  void run() {
    for (int i = 0; i < 50; ++i) {
      Pipe out{to_, town_.wire.now(), nullptr};
      engine.flush(town_.wire.now(), out);
      Pipe back{to_, town_.wire.now(), this};
      to_.host->advance(town_.wire.now());
      to_.host->flush(town_.wire.now(), back);
      if (engine.next_expiry() <= town_.wire.now()) engine.on_expiry(town_.wire.now());
      town_.run(std::chrono::milliseconds(2));
    }
  }

  void on_connected(ConnectionId, const Connected&) override { up = true; }
  void on_closed(ConnectionId, const Closed& why) override { closed = why; }
  void on_stream_data(ConnectionId id, StreamId stream, std::string_view bytes, bool fin) override {
    heard[stream].append(bytes);
    engine.consume(id, stream, bytes.size());
    if (fin) ended[stream] = true;
  }
  void on_stream_closed(ConnectionId, StreamId stream, bool broken) override {
    if (broken) this->broken[stream] = true;
  }

 private:
  struct Pipe final : DatagramSink {
    Pipe(const Resident& host, Time now, Stranger* stranger)
        : host(host), now(now), stranger(stranger) {}
    void send(const Endpoint&, std::string_view datagram) override {
      if (stranger != nullptr) {
        stranger->engine.receive(host.endpoint, datagram, now);
      } else {
        host.host->receive(make_ipv4(0x0b00ffff, 1000), datagram, now);
      }
    }
    const Resident& host;
    Time now;
    Stranger* stranger;
  };

  HostTown& town_;
  const Resident& to_;
  Credentials credentials_;
  SeededRandom random_;

 public:
  Engine engine;
  ConnectionId connection{};
  bool up = false;
  std::optional<Closed> closed;
  std::map<StreamId, std::string> heard;
  std::map<StreamId, bool> ended;
  std::map<StreamId, bool> broken;
};

inline std::string encoded(const wire::Message& message) {
  const ContactBook book;
  return wire::encode(message, book);
}

}  // namespace macula::dht::quic
