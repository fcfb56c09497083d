// Streams: much data, no room, and giving up.
#include <gtest/gtest.h>

#include <string>

#include "dht/quic/engine/engine.h"
#include "tests/dht/quic/engine/wire_pair.h"

namespace macula::dht::quic {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kStreamWindow = std::size_t{256} << 10;
constexpr std::size_t kConnectionWindow = std::size_t{1} << 20;

std::string pattern(std::size_t size, std::uint64_t seed) {
  SeededRandom random(seed);
  std::string bytes(size, '\0');
  random.fill(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size());
  return bytes;
}

// A connected pair; the client's connection and the server's.
struct Streams : testing::Test {
  void connect() {
    wire.keep_sent = false;
    at_client = client.dial(server);
    MACULA_CHECK(wire.run_until([&] { return client.last.has_value(); }, seconds(1)));
    at_server = *server.last;
  }
  std::size_t received_by_server() const {
    std::size_t sum = 0;
    for (const auto& [key, bytes] : server.received) sum += bytes.size();
    return sum;
  }
  void expect_no_streams() {
    EXPECT_EQ(client.engine->streams(at_client), 0u);
    EXPECT_EQ(server.engine->streams(at_server), 0u);
    EXPECT_TRUE(client.engine->quiet(at_client));
    EXPECT_TRUE(server.engine->quiet(at_server));
    EXPECT_TRUE(client.closed.empty());
    EXPECT_TRUE(server.closed.empty());
    client.engine->check_invariants();
    server.engine->check_invariants();
  }

  Wire wire;
  Peer server{wire, 1};
  Peer client{wire, 2};
  ConnectionId at_client{};
  ConnectionId at_server{};
};

TEST_F(Streams, FiveMegabytesComeBackAsTheyWere) {
  connect();
  server.echoes = true;
  const std::string sent = pattern(5000000, 1);
  const StreamId stream = client.ask(at_client, sent);
  EXPECT_EQ(client.engine->queued(at_client), sent.size());
  ASSERT_TRUE(wire.run_until([&] { return !client.gone_streams.empty(); }, seconds(60)));
  EXPECT_TRUE(client.received.at({at_client, stream}) == sent);
  wire.run(seconds(1));
  expect_no_streams();
}

TEST_F(Streams, WritesOfAllSizesKeepTheirOrder) {
  connect();
  const std::string sent = pattern(300000, 2);
  const StreamId stream = *client.engine->open_stream(at_client);
  SeededRandom random(3);
  for (std::size_t start = 0; start < sent.size();) {
    const std::size_t size = random.draw() % (random.happens(100) ? 9000 : 90);
    client.engine->write(at_client, stream, sent.substr(start, size), false);
    start += size;
    if (random.happens(20)) wire.run(milliseconds(3));
  }
  client.engine->write(at_client, stream, "", true);
  client.engine->write(at_client, stream, "after the end", true);
  wire.run(seconds(5));
  EXPECT_TRUE(server.received.at({at_server, stream}) == sent);
  EXPECT_TRUE(server.ended_streams.contains({at_server, stream}));
}

TEST_F(Streams, BothEndsOpenStreams) {
  connect();
  client.echoes = server.echoes = true;
  const StreamId of_client = client.ask(at_client, "from the client");
  const StreamId of_server = server.ask(at_server, "from the server");
  EXPECT_NE(of_client, of_server);
  wire.run(seconds(1));
  EXPECT_EQ(client.received.at({at_client, of_client}), "from the client");
  EXPECT_EQ(server.received.at({at_server, of_server}), "from the server");
  expect_no_streams();
}

TEST_F(Streams, WhoDoesNotConsumeStopsTheSender) {
  connect();
  server.consumes = false;
  const StreamId stream = client.ask(at_client, pattern(5 * kStreamWindow, 1));
  wire.run(seconds(20));
  const auto key = std::pair{at_server, stream};
  EXPECT_EQ(server.received.at(key).size(), kStreamWindow);
  EXPECT_EQ(client.engine->queued(at_client), 4 * kStreamWindow);
  EXPECT_FALSE(client.engine->quiet(at_client));
  // Credit is worth a frame once it is more than half of a window.
  constexpr std::size_t kConsumed = 200000;
  server.engine->consume(at_server, stream, kConsumed);
  wire.run(seconds(20));
  EXPECT_EQ(server.received.at(key).size(), kStreamWindow + kConsumed);
  // The window of the connection holds whatever the number of streams.
  for (int i = 0; i < 5; ++i) client.ask(at_client, pattern(kStreamWindow, 1));
  wire.run(seconds(20));
  EXPECT_EQ(received_by_server(), kConnectionWindow);
  // Another connection is not held up: nothing is shared.
  Peer other(wire, 3);
  other.ask(other.dial(server), "hello");
  wire.run(seconds(1));
  EXPECT_EQ(received_by_server(), kConnectionWindow + 5);
}

// ngtcp2 0.12.1 closes connections for no reason where windows grow by themselves: they must not,
// however fast everything is consumed.
TEST_F(Streams, WindowsNeverGrow) {
  connect();
  const StreamId stream = *client.engine->open_stream(at_client);
  client.engine->write(at_client, stream, pattern(20000000, 1), false);
  ASSERT_TRUE(wire.run_until([&] { return received_by_server() == 20000000; }, seconds(60)));
  server.consumes = false;
  client.engine->write(at_client, stream, pattern(20000000, 1), false);
  wire.run(seconds(20));
  EXPECT_LE(received_by_server(), 20000000 + kStreamWindow);
  for (int i = 0; i < 8; ++i) client.ask(at_client, pattern(kStreamWindow, 1));
  wire.run(seconds(20));
  EXPECT_LE(received_by_server(), 20000000 + kConnectionWindow);
  EXPECT_GE(received_by_server(), 20000000 + kConnectionWindow / 2);
}

TEST_F(Streams, SmallerWindowsThanNgtcp2BearsAreNotTaken) {
  EngineConfig config = test_config(1);
  config.stream_window = 1000;
  config.connection_window = 1000;
  server.start(config);
  connect();
  server.consumes = false;
  client.ask(at_client, pattern(kConnectionWindow, 1));
  wire.run(seconds(20));
  EXPECT_EQ(received_by_server(), kStreamWindow);
}

// Bytes that a stream has brought and nobody used must not be missing from the connection's window
// for good.
TEST_F(Streams, UnusedBytesOfFinishedStreamsAreCredited) {
  connect();
  server.consumes = false;
  server.echoes = true;
  for (int i = 0; i < 40; ++i) {
    client.ask(at_client, pattern(100000, 1));
    wire.run(seconds(2));
  }
  EXPECT_EQ(received_by_server(), 4000000u);
  expect_no_streams();
}

// ----- giving up -----

// ngtcp2 0.12.1 swallows the reset of a stream it has not heard of, and the stream would stay open
// for the life of the connection.
TEST_F(Streams, AbandonedBeforeAnythingWasSentTheStreamStillEnds) {
  connect();
  server.echoes = true;
  const StreamId stream = client.ask(at_client, "never mind");
  client.engine->abandon(at_client, stream, 7);
  const StreamId empty = *client.engine->open_stream(at_client);
  client.engine->abandon(at_client, empty, 7);
  const StreamId half = *client.engine->open_stream(at_client);
  client.engine->write(at_client, half, "half a mess", false);
  client.engine->abandon(at_client, half, 7);
  wire.run(seconds(5));
  EXPECT_TRUE(client.received.empty());
  EXPECT_TRUE(client.gone_streams.empty());
  // They came as ordinary streams, with nothing on them.
  EXPECT_EQ(received_by_server(), 0u);
  expect_no_streams();
}

TEST_F(Streams, AbandonedBeforeThePeerAllowsItTheStreamIsSentEmpty) {
  connect();
  std::vector<StreamId> streams;
  for (int i = 0; i < 2500; ++i) streams.push_back(client.ask(at_client, pattern(300, 1)));
  for (const StreamId stream : streams) client.engine->abandon(at_client, stream, 7);
  EXPECT_EQ(client.engine->queued(at_client), 0u);
  wire.run(seconds(5));
  EXPECT_EQ(received_by_server(), 0u);
  expect_no_streams();
}

TEST_F(Streams, AbandonedWhileItsFirstDatagramIsLostTheStreamStillEnds) {
  connect();
  server.echoes = true;
  bool lost = false;
  wire.passes = [&](const Sent& sent) {
    if (sent.from != 2 || lost) return true;
    lost = true;
    return false;
  };
  const StreamId stream = client.ask(at_client, "never mind");
  wire.run(milliseconds(1));
  ASSERT_TRUE(lost);
  client.engine->abandon(at_client, stream, 7);
  wire.run(seconds(5));
  EXPECT_TRUE(client.received.empty());
  expect_no_streams();
}

TEST_F(Streams, AbandonedInTheMiddleItIsBrokenOffForThePeer) {
  connect();
  const StreamId stream = client.ask(at_client, pattern(10000000, 1));
  wire.run(milliseconds(200));
  const std::size_t before = received_by_server();
  EXPECT_GT(before, 0u);
  client.engine->abandon(at_client, stream, 7);
  wire.run(seconds(5));
  EXPECT_LT(received_by_server(), before + kStreamWindow);
  EXPECT_TRUE(server.gone_streams.at({at_server, stream}));
  EXPECT_FALSE(client.gone_streams.contains({at_client, stream}));
  expect_no_streams();
}

// All that was sent has arrived, the end was not sent.
TEST_F(Streams, AbandonedWhileItWaitsForMoreItIsBrokenOffForThePeer) {
  connect();
  const StreamId stream = *client.engine->open_stream(at_client);
  client.engine->write(at_client, stream, "some", false);
  wire.run(seconds(1));
  client.engine->abandon(at_client, stream, 7);
  wire.run(seconds(5));
  EXPECT_TRUE(server.gone_streams.contains({at_server, stream}));
  expect_no_streams();
}

TEST_F(Streams, AbandonedByTheOtherEndItIsBrokenOffForTheOpener) {
  connect();
  const StreamId stream = client.ask(at_client, "what is it?");
  wire.run(seconds(1));
  server.engine->write(at_server, stream, "it is", false);
  wire.run(seconds(1));
  server.engine->abandon(at_server, stream, 7);
  wire.run(seconds(5));
  EXPECT_TRUE(client.gone_streams.at({at_client, stream}));
  expect_no_streams();
}

TEST_F(Streams, AfterTheRequestArrivedAbandoningItStopsTheAnswer) {
  connect();
  const StreamId stream = client.ask(at_client, "all of it, please");
  wire.run(seconds(1));
  server.engine->write(at_server, stream, pattern(10000000, 1), true);
  wire.run(milliseconds(100));
  client.engine->abandon(at_client, stream, 7);
  const std::size_t before = client.received[{at_client, stream}].size();
  wire.run(seconds(5));
  EXPECT_EQ(client.received.at({at_client, stream}).size(), before);
  EXPECT_TRUE(server.gone_streams.at({at_server, stream}));
  expect_no_streams();
}

// Bytes for an abandoned stream take no room from the others.
TEST_F(Streams, AbandonedStreamsGiveTheirRoomBack) {
  connect();
  server.consumes = false;
  for (int i = 0; i < 10; ++i) client.ask(at_client, pattern(kStreamWindow, 1));
  wire.run(seconds(20));
  EXPECT_EQ(received_by_server(), kConnectionWindow);
  std::vector<StreamId> stuck;
  for (const auto& [key, bytes] : server.received) stuck.push_back(key.second);
  for (const StreamId stream : stuck) server.engine->abandon(at_server, stream, 7);
  wire.run(seconds(20));
  for (int i = 0; i < 4; ++i) client.ask(at_client, pattern(kStreamWindow, 1));
  wire.run(seconds(20));
  EXPECT_EQ(received_by_server(), 2 * kConnectionWindow);
}

// Calls for what does not exist have no effect.
TEST_F(Streams, UnknownStreamsAndConnectionsAreNoReasonToStop) {
  connect();
  client.engine->write(at_client, 400, "x", true);
  client.engine->consume(at_client, 400, 7);
  client.engine->abandon(at_client, 400, 7);
  const ConnectionId unknown{999};
  EXPECT_FALSE(client.engine->open_stream(unknown).has_value());
  client.engine->write(unknown, 0, "x", true);
  client.engine->consume(unknown, 0, 7);
  client.engine->abandon(unknown, 0, 7);
  client.engine->close(unknown, 0, "");
  EXPECT_TRUE(client.engine->quiet(unknown));
  EXPECT_EQ(client.engine->queued(unknown), 0u);
  wire.run(seconds(1));
  expect_no_streams();
}

// The host may do all of this while it is told of data.
TEST_F(Streams, EventsMayOpenWriteAbandonAndClose) {
  connect();
  int rounds = 0;
  server.when_data = [&](ConnectionId connection, StreamId stream, std::string_view, bool) {
    server.engine->write(connection, stream, "answer", true);
    server.ask(connection, "and a question");
    server.engine->abandon(connection, server.ask(connection, "not that one"), 1);
    if (++rounds == 3) server.engine->close(connection, 5, "enough");
  };
  for (int i = 0; i < 10; ++i) client.ask(at_client, "go");
  wire.run(seconds(5));
  EXPECT_EQ(rounds, 3);
  EXPECT_EQ(server.closed.at(at_server).cause, CloseCause::local);
  EXPECT_EQ(client.closed.at(at_client).cause, CloseCause::peer);
  EXPECT_EQ(client.closed.at(at_client).code, 5u);
}

}  // namespace
}  // namespace macula::dht::quic
