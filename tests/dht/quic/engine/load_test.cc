// More of everything than there is room for: the excess is refused, and the others do not notice.
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "dht/quic/engine/engine.h"
#include "tests/dht/quic/engine/wire_pair.h"

namespace macula::dht::quic {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// First datagrams of `count` dials, each from an address of its own, and nothing more of them.
std::vector<Sent> first_datagrams(std::size_t count, const dht::Endpoint& to) {
  Wire elsewhere;
  std::vector<Sent> firsts;
  for (std::size_t i = 0; i < count; ++i) {
    Peer peer(elsewhere, static_cast<std::uint16_t>(1000 + i));
    peer.dial(to, std::nullopt);
    elsewhere.forget_sent();
    elsewhere.run(milliseconds(1));
    firsts.push_back(elsewhere.sent().at(0));
  }
  return firsts;
}

const dht::Endpoint kNobody = make_ipv4(0x7f000001, 999);

dht::Endpoint sender(const Sent& sent) {
  return make_ipv4(0x7f000001, sent.from);
}

TEST(Load, BeyondSomeHalfOpenConnectionsAddressesAreValidatedFirst) {
  Wire wire;
  EngineConfig config = test_config(1);
  config.retry_above = 4;
  config.max_half_open = 8;
  Peer server(wire, 1, config);
  server.echoes = true;
  Peer established(wire, 2);
  const ConnectionId before = established.dial(server);
  wire.run(seconds(1));

  const auto firsts = first_datagrams(20, server.address);
  for (const Sent& first : firsts) wire.inject(sender(first), server.address, first.bytes);
  EXPECT_EQ(server.engine->half_open(), 4u);
  EXPECT_EQ(server.engine->counters().retries_sent, 16u);

  // A client that answers the Retry gets in.
  Peer client(wire, 3);
  const ConnectionId connection = client.dial(server);
  const StreamId stream = client.ask(connection, "let me in");
  wire.run(seconds(1));
  ASSERT_TRUE(client.up.contains(connection));
  EXPECT_EQ(server.engine->counters().retries_sent, 17u);
  EXPECT_EQ(client.received.at({connection, stream}), "let me in");
  // A client that was in does not notice.
  const StreamId other = established.ask(before, "still here");
  wire.run(seconds(1));
  EXPECT_EQ(established.received.at({before, other}), "still here");
  EXPECT_TRUE(established.closed.empty());

  wire.run(seconds(20));
  EXPECT_EQ(server.engine->half_open(), 0u);
  EXPECT_EQ(server.engine->connections(), 2u);
  server.engine->check_invariants();
}

TEST(Load, RetryWorksFromTheFirstConnectionOnWhereItIsAskedFor) {
  Wire wire;
  EngineConfig config = test_config(1);
  config.retry_above = 0;
  Peer server(wire, 1, config);
  Peer client(wire, 2);
  const ConnectionId connection = client.dial(server);
  ASSERT_TRUE(wire.run_until([&] { return client.up.contains(connection); }, seconds(1)));
  EXPECT_EQ(wire.now(), kTimeZero + milliseconds(60));  // one round trip more
  EXPECT_EQ(server.engine->counters().retries_sent, 1u);
}

// A client that foretells the server's random bytes chooses the id that a Retry would give it.
TEST(Load, ARetryNamesAnotherIdThanTheClientChose) {
  constexpr std::size_t kIdAt = 6;  // RFC 9000, section 17.2: flags, version, length, id
  constexpr std::size_t kIdBytes = 8;
  EngineConfig config = test_config(1);
  config.retry_above = 0;
  std::string first = first_datagrams(1, make_ipv4(0x7f000001, 1)).at(0).bytes;
  std::string chosen;
  for (int round = 0; round < 2; ++round) {
    Wire wire;
    Peer server(wire, 1, config);
    wire.inject(kNobody, server.address, first);
    ASSERT_EQ(server.engine->counters().retries_sent, 1u);
    const std::string& retry = wire.sent().at(0).bytes;
    const std::size_t source_at = kIdAt + static_cast<unsigned char>(retry.at(kIdAt - 1)) + 1;
    const std::string given = retry.substr(source_at, kIdBytes);
    EXPECT_NE(given, chosen);
    chosen = given;
    first.replace(kIdAt, static_cast<unsigned char>(first.at(kIdAt - 1)), chosen);
    first[kIdAt - 1] = static_cast<char>(kIdBytes);
    first.resize(1200);  // the least for a first datagram; its payload is not read
  }
}

TEST(Load, TokensAreGoodForTheirAddressOnly) {
  Wire wire;
  EngineConfig config = test_config(1);
  config.retry_above = 0;
  Peer server(wire, 1, config);
  Peer client(wire, 2);
  // The second datagram, with the token, seems to come from elsewhere.
  int seen = 0;
  wire.passes = [&](const Sent& sent) {
    if (sent.from != 2 || ++seen < 2) return true;
    wire.inject(make_ipv4(0x7f000001, 3), server.address, sent.bytes);
    return false;
  };
  const ConnectionId connection = client.dial(server);
  wire.run(milliseconds(50));
  EXPECT_GE(server.engine->counters().refused_tokens, 1u);
  EXPECT_EQ(server.engine->connections(), 0u);
  EXPECT_FALSE(client.up.contains(connection));
}

TEST(Load, HalfOpenConnectionsHaveALimit) {
  Wire wire;
  EngineConfig config = test_config(1);
  config.retry_above = 1000;
  config.max_half_open = 8;
  Peer server(wire, 1, config);
  const auto firsts = first_datagrams(20, server.address);
  for (const Sent& first : firsts) wire.inject(sender(first), server.address, first.bytes);
  EXPECT_EQ(server.engine->half_open(), 8u);
  EXPECT_EQ(server.engine->counters().refused_full, 12u);
  wire.run(seconds(20));
  EXPECT_EQ(server.engine->connections(), 0u);
  Peer client(wire, 3);
  const ConnectionId connection = client.dial(server);
  wire.run(seconds(1));
  EXPECT_TRUE(client.up.contains(connection));
}

TEST(Load, ConnectionsHaveALimit) {
  Wire wire;
  EngineConfig config = test_config(1);
  config.max_connections = 3;
  config.handshake_timeout = seconds(2);
  Peer server(wire, 1, config);
  std::vector<std::unique_ptr<Peer>> clients;
  for (std::uint16_t i = 0; i < 5; ++i) {
    EngineConfig own = test_config(10u + i);
    own.handshake_timeout = seconds(2);
    clients.push_back(std::make_unique<Peer>(wire, static_cast<std::uint16_t>(10 + i), own));
    clients.back()->dial(server);
    wire.run(milliseconds(100));
  }
  EXPECT_EQ(server.up.size(), 3u);
  EXPECT_EQ(server.engine->connections(), 3u);
  EXPECT_GE(server.engine->counters().refused_full, 2u);
  EXPECT_FALSE(server.engine->dial(clients[0]->address, std::nullopt, wire.now()).has_value());
  wire.run(seconds(3));
  EXPECT_EQ(clients[4]->closed.size(), 1u);
  // Room for one when one goes.
  server.engine->close(server.up.begin()->first, 0, "");
  wire.run(seconds(3));
  EXPECT_EQ(server.engine->connections(), 2u);
  const ConnectionId again = clients[4]->dial(server);
  wire.run(seconds(1));
  EXPECT_TRUE(clients[4]->up.contains(again));
}

// At most three times what came in, before the address is proven (RFC 9000, section 8).
TEST(Load, AnUnprovenAddressIsNotFlooded) {
  Wire wire;
  Peer server(wire, 1);
  const auto firsts = first_datagrams(1, server.address);
  wire.inject(sender(firsts[0]), server.address, firsts[0].bytes);
  wire.run(seconds(20));
  std::size_t out = 0;
  for (const Sent& sent : wire.sent()) out += sent.bytes.size();
  EXPECT_GT(out, 0u);
  EXPECT_LE(out, 3 * firsts[0].bytes.size());
}

TEST(Load, OtherVersionsAreToldOurs) {
  Wire wire;
  Peer server(wire, 1);
  std::string first = first_datagrams(1, server.address)[0].bytes;
  const dht::Endpoint stranger = make_ipv4(0x7f000001, 7);
  // QUIC version 2, a draft that the library knows, and one that nobody knows.
  const std::vector<std::string> versions{std::string("\x70\x9a\x50\xc4", 4),
                                          std::string("\xff\x00\x00\x1d", 4),
                                          std::string("\x1a\x2a\x3a\x4a", 4)};
  for (const std::string& version : versions) {
    wire.forget_sent();
    first.replace(1, 4, version);
    wire.inject(stranger, server.address, first);
    ASSERT_EQ(wire.sent().size(), 1u);
    const std::string& answer = wire.sent()[0].bytes;
    EXPECT_LT(answer.size(), first.size());
    EXPECT_EQ(answer.substr(1, 4), std::string(4, '\0'));  // RFC 9000, section 17.2.1
    EXPECT_EQ(answer.substr(answer.size() - 4), std::string("\0\0\0\1", 4));
    EXPECT_EQ(answer[answer.size() - 8] & 0x0f, 0x0a);
    wire.forget_sent();
    wire.inject(stranger, server.address, first.substr(0, 1199));
    EXPECT_TRUE(wire.sent().empty());  // too short to be answered
  }
  EXPECT_EQ(server.engine->counters().versions_sent, versions.size());
  EXPECT_EQ(server.engine->connections(), 0u);
}

// A server that knows no version of ours.
TEST(Load, ADialThatFindsNoCommonVersionSaysSo) {
  Wire wire;
  Peer client(wire, 2);
  const dht::Endpoint server = make_ipv4(0x7f000001, 9);
  const ConnectionId connection = client.dial(server, std::nullopt);
  wire.run(milliseconds(1));
  const std::string& first = wire.sent().at(0).bytes;
  const auto dcid_size = static_cast<std::size_t>(first[5]);
  const auto scid_size = static_cast<std::size_t>(first[6 + dcid_size]);
  std::string answer("\x80\0\0\0\0", 5);
  answer += first.substr(6 + dcid_size, 1 + scid_size);
  answer += first.substr(5, 1 + dcid_size);
  answer += std::string("\x1a\x2a\x3a\x4a", 4);
  wire.inject(server, client.address, answer);
  wire.run(milliseconds(1));
  ASSERT_TRUE(client.closed.contains(connection));
  EXPECT_EQ(client.closed[connection].cause, CloseCause::version);
  EXPECT_EQ(client.engine->connections(), 0u);
}

}  // namespace
}  // namespace macula::dht::quic
