// How the end of a peer is noticed: silence, restart, and the last words of a close.
#include <gtest/gtest.h>

#include "dht/quic/engine/engine.h"
#include "tests/dht/quic/engine/wire_pair.h"

namespace macula::dht::quic {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

EngineConfig patient(std::uint64_t number, Duration idle, Duration keepalive) {
  EngineConfig config = test_config(number);
  config.idle_timeout = idle;
  config.keepalive = keepalive;
  return config;
}

TEST(Liveness, AnIdleConnectionEndsAtBothEndsInSilence) {
  Wire wire;
  Peer server(wire, 1, patient(1, seconds(5), Duration::zero()));
  Peer client(wire, 2, patient(2, seconds(60), Duration::zero()));  // the smaller one counts
  const ConnectionId connection = client.dial(server);
  wire.run(seconds(2));
  wire.forget_sent();
  wire.run(seconds(2));
  EXPECT_TRUE(client.closed.empty());
  wire.run(seconds(2));
  ASSERT_TRUE(client.closed.contains(connection));
  EXPECT_EQ(client.closed[connection].cause, CloseCause::idle);
  ASSERT_EQ(server.closed.size(), 1u);
  EXPECT_EQ(server.closed.begin()->second.cause, CloseCause::idle);
  EXPECT_TRUE(wire.sent().empty());
  EXPECT_EQ(client.engine->connections(), 0u);
  EXPECT_EQ(server.engine->connections(), 0u);
}

TEST(Liveness, KeepaliveHoldsAnIdleConnection) {
  Wire wire;
  Peer server(wire, 1, patient(1, seconds(5), Duration::zero()));
  Peer client(wire, 2, patient(2, seconds(5), seconds(2)));
  client.dial(server);
  wire.run(seconds(2));
  wire.forget_sent();
  wire.run(seconds(100));
  EXPECT_TRUE(client.closed.empty());
  EXPECT_TRUE(server.closed.empty());
  // One ping and its acknowledgement every two seconds.
  EXPECT_GE(wire.sent().size(), 90u);
  EXPECT_LE(wire.sent().size(), 120u);
}

TEST(Liveness, ABlackHoleIsNoticedWithinTheIdleTimeout) {
  Wire wire;
  Peer server(wire, 1, patient(1, seconds(6), seconds(2)));
  Peer client(wire, 2, patient(2, seconds(6), seconds(2)));
  const ConnectionId connection = client.dial(server);
  wire.run(seconds(3));
  wire.passes = [](const Sent&) { return false; };
  client.ask(connection, "anybody there?");
  const Time before = wire.now();
  ASSERT_TRUE(wire.run_until([&] { return !client.closed.empty(); }, seconds(20)));
  EXPECT_EQ(client.closed[connection].cause, CloseCause::idle);
  EXPECT_LE(wire.now() - before, seconds(6));
  wire.run(seconds(10));
  EXPECT_EQ(server.closed.size(), 1u);
  EXPECT_EQ(client.engine->connections(), 0u);
  EXPECT_EQ(server.engine->connections(), 0u);
  client.engine->check_invariants();
}

// One direction is cut: the end that is not heard hears the other end give up, and does not go on
// to use what is no connection any more.
TEST(Liveness, WhoIsNotHeardIsToldThatTheConnectionEnds) {
  for (const bool dialler_is_deaf : {true, false}) {
    Wire wire;
    EngineConfig config = patient(2, seconds(6), seconds(2));
    config.idle_code = 77;
    Peer server(wire, 1, config);
    Peer client(wire, 2, config);
    const ConnectionId connection = client.dial(server);
    wire.run(seconds(3));
    wire.passes = [&](const Sent& sent) { return sent.from == (dialler_is_deaf ? 2 : 1); };
    Peer& deaf = dialler_is_deaf ? client : server;
    Peer& unheard = dialler_is_deaf ? server : client;
    deaf.ask(dialler_is_deaf ? connection : *server.last, "anybody there?");
    wire.run(seconds(8));
    ASSERT_EQ(deaf.closed.size(), 1u);
    EXPECT_EQ(deaf.closed.begin()->second.cause, CloseCause::idle);
    ASSERT_EQ(unheard.closed.size(), 1u);
    EXPECT_EQ(unheard.closed.begin()->second.cause, CloseCause::peer);
    EXPECT_EQ(unheard.closed.begin()->second.code, 77u);
    wire.run(seconds(10));
    EXPECT_EQ(client.engine->connections(), 0u);
    EXPECT_EQ(server.engine->connections(), 0u);
  }
}

TEST(Liveness, ARestartedPeerIsNoticedAtOnce) {
  Wire wire;
  Peer server(wire, 1);
  Peer client(wire, 2);
  const ConnectionId connection = client.dial(server);
  wire.run(seconds(1));
  server.start(test_config(1));  // the same secret
  client.ask(connection, "do you remember me?");
  wire.run(milliseconds(21));
  ASSERT_TRUE(client.closed.contains(connection));
  EXPECT_EQ(client.closed[connection].cause, CloseCause::reset);
  EXPECT_EQ(server.engine->counters().resets_sent, 1u);
  wire.run(seconds(3));
  EXPECT_EQ(client.engine->connections(), 0u);
  client.engine->check_invariants();
  // And a new connection goes.
  const ConnectionId again = client.dial(server);
  wire.run(seconds(1));
  EXPECT_TRUE(client.up.contains(again));
}

TEST(Liveness, AResetOfAnotherSecretIsNotBelieved) {
  Wire wire;
  Peer server(wire, 1);
  Peer client(wire, 2);
  const ConnectionId connection = client.dial(server);
  wire.run(seconds(1));
  server.start(test_config(9));
  client.ask(connection, "do you remember me?");
  wire.run(seconds(2));
  EXPECT_GT(server.engine->counters().resets_sent, 0u);
  EXPECT_TRUE(client.closed.empty());
}

// The right token from the wrong address.
TEST(Liveness, AResetFromElsewhereIsNotBelieved) {
  Wire wire;
  Peer server(wire, 1);
  Peer client(wire, 2);
  client.dial(server);
  wire.run(seconds(1));
  server.start(test_config(1));
  wire.passes = [&](const Sent& sent) {
    if (sent.from == 1) wire.inject(make_ipv4(0x7f000001, 3), client.address, sent.bytes);
    return sent.from == 2;
  };
  client.ask(*client.last, "do you remember me?");
  wire.run(seconds(1));
  EXPECT_GT(server.engine->counters().resets_sent, 0u);
  EXPECT_TRUE(client.closed.empty());
}

TEST(Liveness, ResetsAreSmallerThanWhatTheyAnswerAndRationed) {
  Wire wire;
  Peer server(wire, 1);
  const dht::Endpoint stranger = make_ipv4(0x7f000001, 7);
  for (std::size_t size = 1; size <= 64; ++size) {
    wire.forget_sent();
    std::string packet(size, '\x41');
    wire.inject(stranger, server.address, packet);
    if (size < 22) {
      EXPECT_TRUE(wire.sent().empty()) << size;
    } else {
      ASSERT_EQ(wire.sent().size(), 1u) << size;
      EXPECT_LT(wire.sent()[0].bytes.size(), size);
      EXPECT_GE(wire.sent()[0].bytes.size(), 21u);
    }
  }
  wire.forget_sent();
  for (int i = 0; i < 1000; ++i) wire.inject(stranger, server.address, std::string(40, '\x41'));
  const std::uint64_t in_one_second = server.engine->counters().resets_sent;
  EXPECT_LE(in_one_second, 200u);
  EXPECT_GE(in_one_second, 100u);
  wire.run(seconds(2));
  wire.inject(stranger, server.address, std::string(40, '\x41'));
  EXPECT_EQ(server.engine->counters().resets_sent, in_one_second + 1);
}

// The close is lost; an end that goes on sending is told again, but not each time.
TEST(Liveness, ACloseIsRepeatedWithBackOff) {
  Wire wire;
  wire.link.delay = milliseconds(100);  // a long probe timeout
  Peer server(wire, 1);
  Peer client(wire, 2);
  const ConnectionId connection = client.dial(server);
  wire.run(seconds(2));
  bool through = false;
  int closes = 0;
  wire.passes = [&](const Sent& sent) {
    if (sent.from != 2) return true;
    ++closes;
    return through;
  };
  client.engine->close(connection, 3, "gone");
  wire.run(milliseconds(1));
  EXPECT_EQ(closes, 1);
  for (int i = 0; i < 20; ++i) {
    server.ask(*server.last, "are you there?");
    wire.run(milliseconds(10));
  }
  // Answered: the first, the second, the fourth and the eighth of about ten that have come by now.
  EXPECT_GE(closes, 4);
  EXPECT_LE(closes, 6);
  EXPECT_TRUE(server.closed.empty());
  through = true;
  for (int i = 0; i < 20 && server.closed.empty(); ++i) {
    server.ask(*server.last, "are you there?");
    wire.run(milliseconds(10));
  }
  wire.run(milliseconds(150));
  ASSERT_EQ(server.closed.size(), 1u);
  EXPECT_EQ(server.closed.begin()->second.cause, CloseCause::peer);
  EXPECT_EQ(server.closed.begin()->second.reason, "gone");
  wire.run(seconds(5));
  EXPECT_EQ(client.engine->connections(), 0u);
  EXPECT_EQ(server.engine->connections(), 0u);
}

// However long the round trip was drawn out: an ended connection takes a place.
TEST(Liveness, AnEndedConnectionIsSoonGone) {
  Wire wire;
  wire.link.delay = seconds(2);
  Peer server(wire, 1);
  Peer client(wire, 2);
  const ConnectionId connection = client.dial(server);
  wire.run(seconds(30));
  ASSERT_TRUE(client.up.contains(connection));
  client.engine->close(connection, 0, "bye");
  wire.run(seconds(6));
  EXPECT_EQ(server.engine->connections(), 0u);
}

TEST(Liveness, RoundTripIsMeasured) {
  Wire wire;
  Peer server(wire, 1);
  Peer client(wire, 2);
  const ConnectionId connection = client.dial(server);
  EXPECT_FALSE(client.engine->round_trip(connection).has_value());
  wire.run(seconds(1));
  const auto round_trip = client.engine->round_trip(connection);
  ASSERT_TRUE(round_trip.has_value());
  EXPECT_GE(*round_trip, milliseconds(20));
  EXPECT_LE(*round_trip, milliseconds(30));
}

}  // namespace
}  // namespace macula::dht::quic
