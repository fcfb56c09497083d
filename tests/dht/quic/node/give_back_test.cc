// Contacts that nobody has in hand are given back, and none that somebody has.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/dht/quic/node/real_network.h"
#include "tests/durations.h"

namespace macula::dht::quic {
namespace {

// Handles that were free name others at once: whoever used one that was given back would find a
// node that there is not.
void give_back(LiveNode& live, std::uint64_t& last) {
  live.give_back_contacts();
  for (int i = 0; i < 8; ++i) {
    const NodeId forged = hash_id("forged " + std::to_string(++last));
    static_cast<void>(live.book().intern({forged, make_ipv4(0x7f000001, 9), std::nullopt}));
  }
}

TEST(GiveBack, AfterEachStepOfALoopNobodyMissesAnything) {
  RealNetwork network;
  network.add();
  std::uint64_t last = 0;
  const auto step = [&] {
    for (const std::size_t i : network.living()) give_back(network.running(i).live(), last);
    return false;
  };
  for (int i = 0; i < 7; ++i) {
    network.add({network.at(0)});
    network.run_until(step, std::chrono::milliseconds(200));
  }
  network.run_until(step, kMinute);
  const Key key = hash_id("the key");
  const auto value = std::make_shared<const wire::Value>(wire::Value{std::string("a value")});
  bool stored = false;
  network.use(1, [&](Node& node) {
    node.store(key, value, [&](StoreResult& result) { stored = result.replicas.size() == 7; });
  });
  network.run_until([&] { return step() || stored; }, kMinute);
  EXPECT_TRUE(stored);
  network.kill(7);
  network.run_until(step, 20 * kMinute);

  for (const std::size_t i : network.living()) {
    Node& node = network.node(i);
    EXPECT_EQ(node.violation(), std::nullopt);
    network.running(i).live().host().check_invariants();
    EXPECT_GE(node.table().size(), 6U);
    const ContactBook& book = network.running(i).live().book();
    EXPECT_LT(book.handles(), 200U);
    for (const ContactRef entry : node.table().entries()) {
      bool known = false;
      for (std::size_t j = 0; j < network.size(); ++j) known |= network.id(j) == book.id(entry);
      EXPECT_TRUE(known) << i;
    }
    EXPECT_TRUE(node.records().holds(key, network.now())) << i;
  }
}

}  // namespace
}  // namespace macula::dht::quic
