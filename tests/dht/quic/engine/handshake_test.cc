// Handshakes: which of them make a connection, and what each end is told.
#include <gnutls/x509.h>
#include <gtest/gtest.h>

#include "dht/quic/engine/credentials_impl.h"
#include "dht/quic/engine/engine.h"
#include "dht/quic/engine/tls_session.h"
#include "tests/dht/quic/engine/wire_pair.h"

namespace macula::dht::quic {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// RFC 8446, section 6.
constexpr std::uint64_t kBadCertificate = 42;
constexpr std::uint64_t kHandshakeFailure = 40;
constexpr std::uint64_t kCertificateRequired = 116;
constexpr std::uint64_t kNoApplicationProtocol = 120;

TEST(Handshake, ConnectsToAnybodyWhereNobodyIsExpected) {
  Wire wire;
  Peer server(wire, 1);
  Peer client(wire, 2);
  const ConnectionId connection = client.dial(server.address, std::nullopt);
  wire.run(seconds(1));
  ASSERT_TRUE(client.up.contains(connection));
  EXPECT_EQ(client.up[connection].peer, server.credentials.id());
}

TEST(Handshake, RefusesAnotherIdentityThanTheExpected) {
  Wire wire;
  Peer server(wire, 1);
  Peer client(wire, 2);
  const ConnectionId connection = client.dial(server.address, credentials_of(3).id());
  client.ask(connection, "secret");
  wire.run(seconds(30));
  EXPECT_TRUE(client.up.empty());
  ASSERT_TRUE(client.closed.contains(connection));
  EXPECT_EQ(client.closed[connection].cause, CloseCause::identity);
  EXPECT_EQ(client.closed[connection].code, kBadCertificate);
  EXPECT_EQ(client.engine->counters().refused_identity, 1u);
  EXPECT_TRUE(server.up.empty());
  EXPECT_TRUE(server.received.empty());
  EXPECT_EQ(server.engine->connections(), 0u);
  EXPECT_EQ(server.engine->half_open(), 0u);
  EXPECT_EQ(client.engine->connections(), 0u);
}

TEST(Handshake, RefusesAClientWithoutCertificate) {
  Wire wire;
  Peer server(wire, 1);
  Peer client(wire, 2);
  gnutls_certificate_free_keys(client.credentials.impl().certificate);
  const ConnectionId connection = client.dial(server);
  client.ask(connection, "secret");
  wire.run(seconds(30));
  EXPECT_TRUE(client.up.empty());  // although its own side of TLS was done
  EXPECT_TRUE(server.up.empty());
  EXPECT_TRUE(server.received.empty());
  ASSERT_TRUE(client.closed.contains(connection));
  EXPECT_EQ(client.closed[connection].cause, CloseCause::tls);
  EXPECT_EQ(client.closed[connection].code, kCertificateRequired);
  EXPECT_EQ(server.engine->connections(), 0u);
}

TEST(Handshake, RefusesKeysOtherThanEd25519) {
  gnutls_x509_privkey_t key = nullptr;
  gnutls_x509_crt_t certificate = nullptr;
  ASSERT_EQ(gnutls_x509_privkey_init(&key), 0);
  ASSERT_EQ(gnutls_x509_crt_init(&certificate), 0);
  ASSERT_EQ(gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
                                         GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0),
            0);
  const unsigned char serial = 1;
  ASSERT_EQ(gnutls_x509_crt_set_version(certificate, 3), 0);
  ASSERT_EQ(gnutls_x509_crt_set_serial(certificate, &serial, 1), 0);
  ASSERT_EQ(gnutls_x509_crt_set_activation_time(certificate, 0), 0);
  ASSERT_EQ(gnutls_x509_crt_set_expiration_time(certificate, 4000000000), 0);
  ASSERT_EQ(gnutls_x509_crt_set_key(certificate, key), 0);
  ASSERT_EQ(gnutls_x509_crt_sign2(certificate, certificate, key, GNUTLS_DIG_SHA256, 0), 0);
  EXPECT_FALSE(key_id(certificate).has_value());

  Wire wire;
  Peer server(wire, 1);
  Peer client(wire, 2);
  gnutls_certificate_free_keys(server.credentials.impl().certificate);
  ASSERT_EQ(
      gnutls_certificate_set_x509_key(server.credentials.impl().certificate, &certificate, 1, key),
      0);
  gnutls_x509_crt_deinit(certificate);
  gnutls_x509_privkey_deinit(key);
  const ConnectionId connection = client.dial(server.address, std::nullopt);
  wire.run(seconds(30));
  EXPECT_TRUE(client.up.empty());
  ASSERT_TRUE(client.closed.contains(connection));
  EXPECT_EQ(client.closed[connection].cause, CloseCause::tls);
  EXPECT_EQ(client.closed[connection].code, kHandshakeFailure);
}

TEST(Handshake, RefusesAnotherProtocol) {
  Wire wire;
  Peer server(wire, 1);
  EngineConfig config = test_config(2);
  config.alpn = "other";
  Peer client(wire, 2, config);
  const ConnectionId connection = client.dial(server);
  wire.run(seconds(30));
  EXPECT_TRUE(client.up.empty());
  EXPECT_TRUE(server.up.empty());
  ASSERT_TRUE(client.closed.contains(connection));
  EXPECT_EQ(client.closed[connection].cause, CloseCause::tls);
  EXPECT_EQ(client.closed[connection].code, kNoApplicationProtocol);
  EXPECT_EQ(server.engine->connections(), 0u);
}

TEST(Handshake, IsGivenUpAfterItsTimeWhereNobodyAnswers) {
  Wire wire;
  EngineConfig config = test_config(2);
  config.handshake_timeout = seconds(3);
  Peer client(wire, 2, config);
  const ConnectionId connection = client.dial(make_ipv4(0x7f000001, 9), std::nullopt);
  wire.run(milliseconds(2999));
  EXPECT_TRUE(client.closed.empty());
  wire.run(milliseconds(2));
  ASSERT_TRUE(client.closed.contains(connection));
  EXPECT_EQ(client.closed[connection].cause, CloseCause::handshake_timeout);
  wire.run(milliseconds(1));
  EXPECT_EQ(client.engine->connections(), 0u);
  client.engine->check_invariants();
}

TEST(Handshake, HalfOpenConnectionsOfTheServerGoWithTheirTime) {
  Wire wire;
  Peer server(wire, 1);
  Peer client(wire, 2);
  wire.passes = [](const Sent& sent) { return sent.from == 2; };
  client.dial(server);
  wire.run(seconds(1));
  EXPECT_EQ(server.engine->half_open(), 1u);
  wire.run(seconds(20));
  EXPECT_EQ(server.engine->half_open(), 0u);
  EXPECT_EQ(server.engine->connections(), 0u);
  EXPECT_TRUE(server.closed.empty());  // nobody was told that it began
  server.engine->check_invariants();
}

// The server may send before the client knows that it is accepted.
TEST(Handshake, DataThatIsFasterThanTheConfirmationWaitsForIt) {
  Wire wire;
  Peer server(wire, 1);
  Peer client(wire, 2);
  bool lost = false;
  server.when_data = [&](ConnectionId connection, StreamId, std::string_view, bool) {
    server.ask(connection, "early");
  };
  // The first datagram after the server is up holds HANDSHAKE_DONE.
  wire.passes = [&](const Sent& sent) {
    if (sent.from != 1 || server.up.empty() || lost) return true;
    lost = true;
    return false;
  };
  const ConnectionId connection = client.dial(server);
  client.ask(connection, "hello");
  wire.run(milliseconds(45));
  EXPECT_TRUE(lost);
  EXPECT_TRUE(client.up.empty());
  wire.run(seconds(1));
  ASSERT_TRUE(client.up.contains(connection));  // Peer checks the order
  EXPECT_EQ(client.received.size(), 1u);
}

TEST(Handshake, AClientThatIsClosedBeforeItEverSpokeIsGone) {
  Wire wire;
  Peer client(wire, 2);
  const ConnectionId connection = client.dial(make_ipv4(0x7f000001, 9), std::nullopt);
  client.engine->close(connection, 1, "changed my mind");
  wire.run(seconds(5));
  ASSERT_TRUE(client.closed.contains(connection));
  EXPECT_EQ(client.closed[connection].cause, CloseCause::local);
  EXPECT_EQ(client.engine->connections(), 0u);
}

TEST(Handshake, DatagramsFromAnotherAddressAreNotHeard) {
  Wire wire;
  Peer server(wire, 1);
  Peer client(wire, 2);
  const ConnectionId connection = client.dial(server);
  wire.run(seconds(1));
  wire.forget_sent();
  client.ask(connection, "moved");
  wire.passes = [&](const Sent& sent) {
    if (sent.from == 2) wire.inject(make_ipv4(0x7f000001, 3), server.address, sent.bytes);
    return false;
  };
  const std::uint64_t refused = server.engine->counters().malformed;
  wire.run(milliseconds(1));
  EXPECT_GT(server.engine->counters().malformed, refused);
  EXPECT_TRUE(server.received.empty());
}

}  // namespace
}  // namespace macula::dht::quic
