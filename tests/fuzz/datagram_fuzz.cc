// Bytes as a datagram. The first byte says to whom and how: to a server that knows nobody, to an
// end of an established connection in the name of its peer, or as changes to the first datagram of
// a real handshake. Nothing stays behind of a stranger, and nothing hurts the connection.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/check.h"
#include "tests/dht/quic/engine/wire_pair.h"

namespace macula::dht::quic {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const dht::Endpoint kStranger = make_ipv4(0x7f000001, 7);

// Made once: a connection, and the first datagram that led to it.
struct Established {
  Established() {
    connection = client.dial(server);
    wire.run(seconds(1));
    first = wire.sent().at(0).bytes;
    // A packet of the connection begins with one byte and our id.
    client.ask(connection, "hello");
    wire.forget_sent();
    wire.run(milliseconds(1));
    start = wire.sent().at(0).bytes.substr(0, 9);
    wire.run(seconds(1));
    wire.keep_sent = false;
  }
  Wire wire;
  Peer server{wire, 1};
  Peer client{wire, 2};
  ConnectionId connection{};
  std::string first;
  std::string start;
};

// Strangers get no further than a handshake: nothing is ever told of them.
struct Nothing final : EngineEvents {
  void on_connected(ConnectionId, const Connected&) override { std::abort(); }
  void on_closed(ConnectionId, const Closed&) override { std::abort(); }
  void on_stream_data(ConnectionId, StreamId, std::string_view, bool) override { std::abort(); }
  void on_stream_closed(ConnectionId, StreamId, bool) override { std::abort(); }
};

void to_a_server_that_knows_nobody(std::string_view datagram, std::size_t retry_above) {
  static const Credentials credentials = credentials_of(1);
  Wire wire;
  SeededRandom random(1);
  Nothing events;
  EngineConfig config = test_config(1);
  config.retry_above = retry_above;
  config.handshake_timeout = seconds(2);
  const dht::Endpoint address = make_ipv4(0x7f000001, 1);
  Engine server(config, credentials, random, events);
  wire.attach(address, server);
  wire.inject(kStranger, address, datagram);
  std::size_t out = 0;
  for (const Sent& sent : wire.sent()) out += sent.bytes.size();
  MACULA_CHECK(out <= 3 * datagram.size());
  wire.run(seconds(5));
  MACULA_CHECK(server.connections() == 0 && server.half_open() == 0);
  server.check_invariants();
}

void try_bytes(std::string_view bytes) {
  static Established established;
  if (bytes.empty()) return;
  const auto how = static_cast<unsigned char>(bytes[0]);
  bytes.remove_prefix(1);
  std::string datagram;
  switch (how % 3) {
    case 0:
      to_a_server_that_knows_nobody(bytes, how < 128 ? 64 : 0);
      break;
    case 1:
      datagram = established.start + std::string(bytes);
      if (!bytes.empty()) datagram[0] = bytes[0];
      established.wire.inject(established.client.address, established.server.address, datagram);
      MACULA_CHECK(established.server.closed.empty());
      established.server.engine->check_invariants();
      break;
    default:
      // Three bytes a change: where, and what.
      datagram = established.first;
      for (; bytes.size() >= 3; bytes.remove_prefix(3)) {
        const auto place = static_cast<std::size_t>(static_cast<unsigned char>(bytes[0])) << 8 |
                           static_cast<unsigned char>(bytes[1]);
        datagram[place % datagram.size()] ^= bytes[2];
      }
      to_a_server_that_knows_nobody(datagram, how < 128 ? 64 : 0);
      break;
  }
}

}  // namespace
}  // namespace macula::dht::quic

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  macula::dht::quic::try_bytes({reinterpret_cast<const char*>(data), size});
  return 0;
}
