// Two engines: connections, streams, and the end.
#include "dht/quic/engine/engine.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/dht/quic/engine/wire_pair.h"

namespace macula::dht::quic {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Engine, ConnectsWithBothIdentitiesProven) {
  Wire wire;
  Peer server(wire, 1);
  Peer client(wire, 2);
  const ConnectionId connection = client.dial(server);
  ASSERT_TRUE(wire.run_until([&] { return client.up.contains(connection); }, seconds(1)));
  EXPECT_EQ(client.up[connection].peer, server.credentials.id());
  EXPECT_TRUE(client.up[connection].dialled);
  EXPECT_EQ(client.up[connection].remote, server.address);
  ASSERT_EQ(server.up.size(), 1u);
  const Connected& at_server = server.up.begin()->second;
  EXPECT_EQ(at_server.peer, client.credentials.id());
  EXPECT_FALSE(at_server.dialled);
  EXPECT_EQ(at_server.remote, client.address);
  // One round trip for the keys, one more for the server's confirmation.
  EXPECT_EQ(wire.now(), kTimeZero + milliseconds(40));
  EXPECT_EQ(server.engine->half_open(), 0u);
  EXPECT_EQ(server.engine->counters().handshakes, 1u);
}

TEST(Engine, AThousandStreamsPassALimitOf256) {
  Wire wire;
  EngineConfig config = test_config(1);
  config.max_streams = 256;
  Peer server(wire, 1, config);
  server.echoes = true;
  Peer client(wire, 2);
  const ConnectionId connection = client.dial(server);
  std::vector<StreamId> streams;
  for (int i = 0; i < 1000; ++i) {
    streams.push_back(client.ask(connection, "message " + std::to_string(i)));
  }
  ASSERT_TRUE(wire.run_until([&] { return client.gone_streams.size() == 1000; }, seconds(5)));
  for (int i = 0; i < 1000; ++i) {
    const auto key = std::pair{connection, streams[static_cast<std::size_t>(i)]};
    EXPECT_EQ(client.received[key], "message " + std::to_string(i));
    EXPECT_TRUE(client.ended_streams.contains(key));
    EXPECT_FALSE(client.gone_streams.at(key));
  }
  EXPECT_EQ(client.engine->streams(connection), 0u);
  EXPECT_TRUE(client.engine->quiet(connection));
  wire.run(seconds(1));
  EXPECT_EQ(server.engine->streams(*server.last), 0u);
  client.engine->check_invariants();
  server.engine->check_invariants();
}

TEST(Engine, CloseReachesThePeerWithCodeAndReason) {
  Wire wire;
  Peer server(wire, 1);
  Peer client(wire, 2);
  const ConnectionId connection = client.dial(server);
  wire.run(seconds(1));
  client.engine->close(connection, 42, "bye");
  EXPECT_TRUE(client.closed.empty());  // not told inside the call
  EXPECT_LE(client.engine->next_expiry(), wire.now());
  EXPECT_FALSE(client.engine->open_stream(connection).has_value());
  wire.run(milliseconds(20));
  ASSERT_TRUE(client.closed.contains(connection));
  EXPECT_EQ(client.closed[connection].cause, CloseCause::local);
  ASSERT_EQ(server.closed.size(), 1u);
  const Closed& at_server = server.closed.begin()->second;
  EXPECT_EQ(at_server.cause, CloseCause::peer);
  EXPECT_EQ(at_server.code, 42u);
  EXPECT_EQ(at_server.reason, "bye");
  wire.run(seconds(2));
  EXPECT_EQ(client.engine->connections(), 0u);
  EXPECT_EQ(server.engine->connections(), 0u);
  client.engine->check_invariants();
  server.engine->check_invariants();
}

}  // namespace
}  // namespace macula::dht::quic
