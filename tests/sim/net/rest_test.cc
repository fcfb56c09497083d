// A network whose nodes want nothing more comes to rest: nothing is sent for ever, and nothing is
// kept.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <memory>
#include <optional>

#include "tests/durations.h"
#include "tests/sim/net/network_fixture.h"

namespace macula::sim {
namespace {

struct Retransmissions final : NetworkObserver {
  void on_event(const NetworkEvent& event) override {
    count += event.kind == EventKind::retransmit;
  }

  int count = 0;
};

class RestTest : public NetworkTest {
 protected:
  void expect_rest() { EXPECT_EQ(network->under_way(), 0U); }
};

TEST_F(RestTest, ADeadPeerOfAWarmConnectionIsSentToForAWhileOnly) {
  options.warm_connections = true;
  options.max_events = 2'000;
  build(2);
  network->crash(1);
  for (int i = 0; i < 20; ++i) {
    ask(0, 1, 30 * kSecond);
    guests[0]->send(contacts[1], static_cast<std::uint64_t>(i));
  }
  run_for(5 * kMinute);
  for (const auto& asked : guests[0]->asked) EXPECT_EQ(asked.failures, 1);
  expect_rest();
}

TEST_F(RestTest, TheProbesOfASilentPeerGrowRare) {
  build(2);
  time_of_request(0, 1);
  cut_apart(*network, {0}, {1}, true);
  Retransmissions cut;
  network->observe(cut, Wants::events);
  ask(0, 1, kMinute);
  run_for(50 * kSecond);
  // Two each after 70 ms and less than twice, 4, 8, 16 ... times that: ten turns.
  EXPECT_GE(cut.count, 8);
  EXPECT_LE(cut.count, 20);
  heal_all(*network);
  network->crash(1);  // now they reach a host, which is not there
  network->forget(cut);
  Retransmissions dead;
  network->observe(dead, Wants::events);
  run_for(2 * kMinute);
  EXPECT_LE(dead.count, 20);
  network->forget(dead);
  expect_rest();
}

TEST_F(RestTest, ProbesThatArriveWhereNobodyIsGrowRareToo) {
  build(2);
  time_of_request(0, 1);
  network->crash(1);
  Retransmissions dead;
  network->observe(dead, Wants::events);
  ask(0, 1, kMinute);
  run_for(50 * kSecond);
  EXPECT_GE(dead.count, 8);
  EXPECT_LE(dead.count, 20);
  network->forget(dead);
  run_for(2 * kMinute);
  expect_rest();
}

TEST_F(RestTest, WhatWaitsForTheWindowEndsWithItsConnection) {
  build(2);
  time_of_request(0, 1);
  const dht::Token token = guests[0]->ask_large(contacts[1], 300'000, 3 * kMinute);
  run_for(30 * kMillisecond);  // the first windows are under way
  cut_apart(*network, {0}, {1}, false);
  run_for(75 * kSecond);
  heal_all(*network);
  // It goes on over the next connection, whose dial pauses for three quarters of a minute at most.
  run_for(kMinute);
  EXPECT_EQ(guests[0]->asked[token].bytes, 300'000U);
  expect_rest();
}

TEST_F(RestTest, WhatWaitsForTheWindowTimesOutAtItsTime) {
  build(2);
  time_of_request(0, 1);
  cut_apart(*network, {0}, {1}, false);
  const dht::Token token = guests[0]->ask_large(contacts[1], 300'000, 20 * kSecond);
  run_for(20 * kSecond);
  const auto& asked = guests[0]->asked[token];
  EXPECT_EQ(asked.failures, 1);
  EXPECT_EQ(asked.settled - asked.sent, 20 * kSecond);
  run_for(2 * kMinute);
  expect_rest();
}

TEST_F(RestTest, WhatANodeWasDialledForEndsWithItsLife) {
  build(3);
  cut_apart(*network, {0}, {1}, false);
  ask(0, 1);
  ask(0, 2);
  guests[0]->send(contacts[1], 5);
  run_for(15 * kMillisecond);
  network->crash(0);
  run_for(2 * kMinute);
  expect_rest();
}

TEST_F(RestTest, AMessageToANodeBehindThisOneThatIsGoneIsGivenUp) {
  const auto gateway = dht::hash_id("gateway");
  const auto address = dht::make_ipv4(0x0b000001, 9443);
  network = std::make_unique<VirtualMaculaNetwork>(book, model, options, MaculaCodec(book));
  network->add_node({"gateway", *book.intern({gateway, address, std::nullopt}), "", ""});
  const dht::ContactRef behind = *book.intern({dht::hash_id("behind"), address, gateway});
  network->add_node({"behind", behind, "", ""});
  start(0);
  guests[0]->ask(behind, kSecond);
  guests[0]->send(behind, 5);
  run_for(2 * kMinute);
  expect_rest();
}

RC_GTEST_FIXTURE_PROP(RestTest, ComesWhateverHasHappened, ()) {
  constexpr NodeNumber kNodes = 4;
  model.default_delay = Distribution::uniform(5 * kMillisecond, 200 * kMillisecond);
  model.default_loss_ppm = *rc::gen::element<std::uint32_t>(0, 20'000, 100'000);
  options.warm_connections = *rc::gen::arbitrary<bool>();
  options.max_events = 1'000'000;
  build(kNodes, *rc::gen::arbitrary<std::uint64_t>());
  const auto any = [] { return *rc::gen::inRange<NodeNumber>(0, kNodes); };
  const int steps = *rc::gen::inRange(0, 60);
  for (int step = 0; step < steps; ++step) {
    const NodeNumber node = any();
    const NodeNumber other = (node + *rc::gen::inRange<NodeNumber>(1, kNodes)) % kNodes;
    const auto patience = *rc::gen::inRange(1, 60'000) * kMillisecond;
    const int what = *rc::gen::inRange(0, 10);
    if (what == 0) {
      network->up(node) ? network->crash(node) : start(node);
    } else if (what == 1) {
      network->paused(node) ? network->resume(node) : network->pause(node);
    } else if (what == 2) {
      cut_apart(*network, {node}, {other}, *rc::gen::arbitrary<bool>());
    } else if (what == 3) {
      heal_all(*network);
    } else if (what == 4) {
      RC_ASSERT(network->run_until(network->now() + patience));
    } else if (network->up(node) && what == 5) {
      guests[node]->ask_large(contacts[other], *rc::gen::inRange<std::size_t>(1, 200'000),
                              patience);
    } else if (network->up(node) && what == 6) {
      guests[node]->meet(book.endpoint(contacts[other]), patience);
    } else if (network->up(node) && what == 7) {
      guests[node]->send(contacts[other], 1);
    } else if (network->up(node)) {
      ask(node, other, patience);
    }
  }
  for (NodeNumber node = 0; node < kNodes; ++node) network->resume(node);
  RC_ASSERT(network->run_until(network->now() + 10 * kMinute));
  RC_ASSERT(network->under_way() == 0U);
}

}  // namespace
}  // namespace macula::sim
