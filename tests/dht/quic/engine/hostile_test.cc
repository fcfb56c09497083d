// Datagrams that nobody meant well.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "dht/quic/engine/engine.h"
#include "tests/dht/quic/engine/wire_pair.h"

namespace macula::dht::quic {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

std::string random_bytes(SeededRandom& random, std::size_t size) {
  std::string bytes(size, '\0');
  random.fill(reinterpret_cast<std::uint8_t*>(bytes.data()), size);
  return bytes;
}

// Every datagram of one connection's life, from dial to close.
std::vector<Sent> whole_life() {
  Wire wire;
  Peer server(wire, 1);
  server.echoes = true;
  Peer client(wire, 2);
  const ConnectionId connection = client.dial(server);
  client.ask(connection, std::string(20000, 'x'));
  wire.run(seconds(2));
  client.engine->close(connection, 1, "done");
  wire.run(seconds(2));
  return wire.sent();
}

// A server that is talked to by a stranger, and by a client that must not notice.
struct Hostile : testing::Test {
  Hostile() {
    wire.keep_sent = false;
    server.echoes = true;
    connection = client.dial(server);
    wire.run(seconds(1));
  }
  void throw_at_server(std::string_view bytes) {
    wire.inject(stranger, server.address, bytes);
    wire.run(microseconds(10));
  }
  void expect_nothing_left() {
    const StreamId stream = client.ask(connection, "still here");
    wire.run(seconds(30));
    EXPECT_EQ(client.received.at({connection, stream}), "still here");
    EXPECT_EQ(server.engine->connections(), 1u);
    EXPECT_EQ(server.engine->half_open(), 0u);
    EXPECT_EQ(server.up.size(), 1u);
    EXPECT_TRUE(server.closed.empty());
    server.engine->check_invariants();
  }

  Wire wire;
  Peer server{wire, 1};
  Peer client{wire, 2};
  ConnectionId connection{};
  const dht::Endpoint stranger = make_ipv4(0x7f000001, 7);
  SeededRandom random{42};
};

TEST_F(Hostile, GarbageLeavesNothing) {
  for (int i = 0; i < 20000; ++i) {
    throw_at_server(random_bytes(random, random.draw() % 1500));
  }
  EXPECT_GT(server.engine->counters().malformed, 10000u);
  expect_nothing_left();
}

// Looks like QUIC 1, so that it gets further.
TEST_F(Hostile, GarbageBehindAGoodHeaderLeavesNothing) {
  for (int i = 0; i < 3000; ++i) {
    std::string packet = random_bytes(random, 1200 + random.draw() % 200);
    packet[0] = static_cast<char>(0xc0 | (random.draw() % 64));
    packet.replace(1, 4, std::string("\0\0\0\1", 4));
    packet[5] = static_cast<char>(random.draw() % 22);
    const auto scid = 6 + static_cast<std::size_t>(packet[5]);
    packet[scid] = static_cast<char>(random.draw() % 22);
    const auto token = scid + 1 + static_cast<std::size_t>(packet[scid]);
    packet[token] = random.happens(800) ? '\0' : '\x20';
    if (packet[token] != '\0' && random.happens(500)) packet[token + 1] = '\xb6';
    throw_at_server(packet);
  }
  EXPECT_GT(server.engine->counters().refused_tokens, 10u);
  expect_nothing_left();
}

TEST_F(Hostile, DamagedAndShortenedDatagramsOfOthersLeaveNothing) {
  const std::vector<Sent> life = whole_life();
  ASSERT_GT(life.size(), 20u);
  for (int i = 0; i < 20000; ++i) {
    std::string packet = life[random.draw() % life.size()].bytes;
    for (std::uint64_t flips = random.draw() % 4; flips > 0; --flips) {
      packet[random.draw() % packet.size()] ^= static_cast<char>(1 << random.draw() % 8);
    }
    if (random.happens(300)) packet.resize(random.draw() % packet.size());
    throw_at_server(packet);
  }
  expect_nothing_left();
}

// Whole first flights, replayed in any order: half-open connections that never go on.
TEST_F(Hostile, ReplayedDatagramsLeaveNothing) {
  const std::vector<Sent> life = whole_life();
  for (int i = 0; i < 5000; ++i) throw_at_server(life[random.draw() % life.size()].bytes);
  expect_nothing_left();
}

// From the address of the client, as someone on the path could: encryption stands.
TEST_F(Hostile, DamagedDatagramsInTheNameOfAPeerDoNotHurtIt) {
  std::vector<std::string> seen;
  wire.passes = [&](const Sent& sent) {
    if (sent.from == 2) seen.push_back(sent.bytes);
    return true;
  };
  for (int i = 0; i < 200; ++i) client.ask(connection, std::string(random.draw() % 3000, 'y'));
  wire.run(seconds(2));
  const std::vector<std::string> captured = seen;
  ASSERT_GT(captured.size(), 50u);
  for (int i = 0; i < 20000; ++i) {
    std::string packet = captured[random.draw() % captured.size()];
    const std::uint64_t flips = random.draw() % 4;
    for (std::uint64_t flip = 0; flip < flips; ++flip) {
      packet[random.draw() % packet.size()] ^= static_cast<char>(1 << random.draw() % 8);
    }
    if (random.happens(300)) packet.resize(random.draw() % packet.size());
    wire.inject(client.address, server.address, packet);
  }
  wire.passes = nullptr;
  expect_nothing_left();
}

// All of the above at a client that waits for an answer.
TEST_F(Hostile, GarbageToADiallerIsNoAnswer) {
  const std::vector<Sent> life = whole_life();
  Peer dialler(wire, 5);
  const dht::Endpoint silent = make_ipv4(0x7f000001, 8);
  const ConnectionId dialled = dialler.dial(silent, std::nullopt);
  for (int i = 0; i < 5000; ++i) {
    std::string packet = random.happens(500) ? random_bytes(random, random.draw() % 1500)
                                             : life[random.draw() % life.size()].bytes;
    wire.inject(silent, dialler.address, packet);
  }
  EXPECT_TRUE(dialler.up.empty());
  wire.run(seconds(30));
  EXPECT_TRUE(dialler.closed.contains(dialled));
  EXPECT_EQ(dialler.engine->connections(), 0u);
}

}  // namespace
}  // namespace macula::dht::quic
