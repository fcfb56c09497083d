// Which of several connections between two nodes stays, whatever is lost on the way.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/dht/quic/host/host_fixture.h"

namespace macula::dht::quic {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint64_t kSeeds = 60;

// The same node under another endpoint of its own, or none known of its id: another dial.
ContactRef by_endpoint(Resident& who, const Resident& whom) {
  return who.contact(NodeId{}, whom.endpoint);
}

std::size_t answered(const Resident& resident) {
  std::size_t count = 0;
  for (const auto& each : resident.guest->asked) count += each.replies == 1;
  return count;
}

// The gateway cannot dial: were both connections closed, its requests would end in vain until the
// node dials again.
TEST(Choice, OfTwoThatOneEndHasDialledOneStaysWithEverySeed) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    HostTown town({.lost_per_mille = 100}, seed);
    Resident& gateway = town.settle(seed % 2 == 0 ? 1 : 4);
    Resident& hidden = town.settle_behind(gateway, seed % 2 == 0 ? 4 : 1);
    hidden.guest->ask(by_endpoint(hidden, gateway), seconds(20));
    town.run(seconds(1));
    for (int i = 0; i < 80; ++i) {
      gateway.guest->ask(gateway.contact(hidden), seconds(4));
      town.run(milliseconds(100));
    }
    town.run(seconds(90));  // a close may be lost: then the other end ends by the idle timeout
    EXPECT_EQ(answered(gateway), 80U) << seed;
    EXPECT_EQ(answered(hidden), 1U) << seed;
    EXPECT_EQ(hidden.host->counters().dials, 2U) << seed;
    EXPECT_EQ(hidden.host->engine().connections(), 1U) << seed;
    EXPECT_EQ(gateway.host->engine().connections(), 1U) << seed;
  }
}

TEST(Choice, OfManyThatBothEndsHaveDialledOneStaysWithEverySeed) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    HostTown town({.lost_per_mille = 100}, seed);
    Resident& a = town.settle(1);
    Resident& b = town.settle(2);
    SeededRandom random(seed);
    const auto ask = [&](Resident& who, Resident& whom) {
      const ContactRef to = random.happens(500) ? who.contact(whom) : by_endpoint(who, whom);
      who.guest->ask(to, seconds(20));
    };
    for (int i = 0; i < 20; ++i) {
      ask(a, b);
      ask(b, a);
      town.run(milliseconds(random.draw() % 100));
    }
    town.run(seconds(90));  // a close may be lost: then the other end ends by the idle timeout
    EXPECT_EQ(answered(a), 20U) << seed;
    EXPECT_EQ(answered(b), 20U) << seed;
    EXPECT_LE(a.host->counters().dials, 3U) << seed;
    EXPECT_LE(b.host->counters().dials, 3U) << seed;
    EXPECT_EQ(a.host->engine().connections(), 1U) << seed;
    EXPECT_EQ(b.host->engine().connections(), 1U) << seed;
  }
}

}  // namespace
}  // namespace macula::dht::quic
