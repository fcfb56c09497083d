// A node behind a gateway and the connection between the two, which only the node can dial.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/dht/quic/host/host_fixture.h"

namespace macula::dht::quic {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Gateway : testing::Test {
  bool reaches_hidden() {
    const Token token = gateway.guest->ask(gateway.contact(hidden), seconds(2));
    town.run(seconds(2));
    return gateway.guest->asked[token].replies == 1;
  }

  HostTown town;
  Resident& gateway = town.settle(1);
  Resident& hidden = town.settle_behind(gateway, 2);
};

TEST_F(Gateway, ReachesANodeThatHasSaidNothing) {
  town.run(seconds(1));
  EXPECT_TRUE(reaches_hidden());
  town.run(seconds(300));
  EXPECT_TRUE(reaches_hidden());
  EXPECT_EQ(hidden.host->counters().dials, 1U);
  EXPECT_EQ(gateway.host->counters().dials, 0U);
}

TEST_F(Gateway, IsDialledOnceForTheNodeAndForWhoeverListensThere) {
  std::optional<ContactRef> met;
  hidden.host->meet(gateway.endpoint, seconds(5), [&](auto contact) { met = contact; });
  town.run(seconds(1));
  EXPECT_EQ(met, hidden.contact(gateway));
  EXPECT_EQ(hidden.host->counters().dials, 1U);
}

// The node learns of the restart when it speaks: at its next keepalive, 20 s later at most.
TEST_F(Gateway, IsDialledAgainOnceItHasRestarted) {
  town.run(seconds(1));
  ASSERT_TRUE(reaches_hidden());
  gateway.die();
  town.run(seconds(5));
  gateway.live();
  town.run(hidden.config.engine.keepalive);
  EXPECT_TRUE(reaches_hidden());
  EXPECT_EQ(hidden.host->counters().dials, 2U);
}

// A dial takes up to 10 s, and a pause up to half as long again as the longest.
TEST_F(Gateway, IsDialledAgainAfterALongDeathButNotInAStorm) {
  town.run(seconds(1));
  gateway.die();
  town.run(seconds(300));
  const std::uint64_t dials = hidden.host->counters().dials;
  EXPECT_GE(dials, 5U);
  EXPECT_LE(dials, 20U);
  gateway.live();
  town.run(hidden.config.engine.handshake_timeout + hidden.config.longest_backoff * 3 / 2);
  EXPECT_TRUE(reaches_hidden());
}

TEST_F(Gateway, IsDialledAgainWhenItHasClosedInOrder) {
  town.run(seconds(1));
  gateway.host->close(town.wire.now(), seconds(10));
  town.run(seconds(15));
  ASSERT_TRUE(gateway.host->closed());
  EXPECT_LE(hidden.host->counters().dials, 60U);
  gateway.die();
  gateway.live();
  town.run(hidden.config.engine.handshake_timeout + hidden.config.longest_backoff * 3 / 2);
  EXPECT_TRUE(reaches_hidden());
}

TEST_F(Gateway, IsDialledNoMoreByANodeThatCloses) {
  town.run(seconds(1));
  hidden.host->close(town.wire.now(), seconds(10));
  town.run(seconds(60));
  EXPECT_TRUE(hidden.host->closed());
  EXPECT_EQ(hidden.host->counters().dials, 1U);
}

// Nodes behind the gateway come back at once if it evicts them: so others go, which can be dialled
// when they are needed.
TEST(FullGateway, KeepsTheNodesBehindIt) {
  HostTown town;
  HostConfig config;
  config.pool = 3;
  Resident& gateway = town.settle(1, config);
  std::vector<Resident*> hidden;
  for (std::uint16_t i = 0; i < 100; ++i) {
    hidden.push_back(&town.settle_behind(gateway, static_cast<std::uint16_t>(100 + i)));
  }
  town.run(seconds(2));
  for (std::uint16_t i = 0; i < 5; ++i) {
    Resident& visitor = town.settle(static_cast<std::uint16_t>(10 + i));
    visitor.guest->ask(visitor.contact(gateway), seconds(1));
    town.run(seconds(20));
  }
  for (Resident* each : hidden) EXPECT_EQ(each->host->counters().dials, 1U);
  EXPECT_EQ(gateway.host->counters().evicted, 5U);
}

}  // namespace
}  // namespace macula::dht::quic
