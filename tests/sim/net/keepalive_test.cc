// Connections on which nobody speaks, and what becomes of them without a word.
#include <gtest/gtest.h>

#include "tests/sim/net/network_fixture.h"

namespace macula::sim {
namespace {

TEST_F(NetworkTest, ARestartIsNoticedWithTheNextKeepalive) {
  build(2);
  EXPECT_EQ(time_of_request(0, 1), 2 * kRoundTrip);  // and 90 s pass
  network->crash(1);
  start(1);
  run_for(15 * kSecond);
  // The reset came while nobody wanted anything: a handshake, and the request.
  EXPECT_EQ(time_of_request(0, 1), 2 * kRoundTrip);
}

TEST_F(NetworkTest, AConnectionWithANodeThatIsGoneEndsUnused) {
  build(2);
  time_of_request(0, 1);
  network->crash(1);
  run_for(90 * kSecond);
  start(1);
  EXPECT_EQ(time_of_request(0, 1), 2 * kRoundTrip);
}

TEST_F(NetworkTest, ALongCutEndsAConnectionThatNobodyUses) {
  build(2);
  time_of_request(0, 1);
  cut_apart(*network, {0}, {1}, false);
  run_for(90 * kSecond);
  heal_all(*network);
  EXPECT_EQ(time_of_request(1, 0), 2 * kRoundTrip);
}

TEST_F(NetworkTest, AShortCutEndsNone) {
  build(2);
  time_of_request(0, 1);
  cut_apart(*network, {0}, {1}, false);
  run_for(9 * kSecond);
  heal_all(*network);
  run_for(kSecond);
  EXPECT_EQ(time_of_request(1, 0), kRoundTrip);
}

TEST_F(NetworkTest, ALongPauseEndsTheConnectionsOfANode) {
  build(2);
  time_of_request(0, 1);
  network->pause(1);
  run_for(90 * kSecond);
  network->resume(1);
  EXPECT_EQ(time_of_request(1, 0), 2 * kRoundTrip);
}

// The minute counts from the keepalive that nobody answered, not from the request.
TEST_F(NetworkTest, ARequestAmidTheMinuteHasWhatIsLeftOfIt) {
  build(2);
  time_of_request(0, 1);
  cut_apart(*network, {0}, {1}, false);
  run_for(50 * kSecond);  // asked after 10 s
  const dht::Token token = ask(0, 1, 90 * kSecond);
  run_for(25 * kSecond);
  heal_all(*network);
  run_for(30 * kSecond);
  // It ended after 70 s: dials are over sooner than the next probe would have left.
  EXPECT_EQ(guests[0]->asked[token].replies, 1);
}

TEST_F(NetworkTest, KeepalivesMeasureTheRoundTrip) {
  build(2);
  time_of_request(0, 1);
  run_for(600 * kSecond);
  cut_apart(*network, {0}, {1}, true);
  const dht::Token token = ask(0, 1);
  run_for(kMillisecond);
  heal_all(*network);
  run_for(kSecond);
  // Nothing is left of the first deviation: a round trip, 1 ms and 25 ms. Then it is sent again.
  const auto& asked = guests[0]->asked[token];
  EXPECT_EQ(asked.settled - asked.sent, 46 * kMillisecond + kRoundTrip);
}

TEST_F(NetworkTest, WhatAPausedNodeAsksLeavesWhenItGoesOn) {
  build(2);
  time_of_request(0, 1);
  network->pause(0);
  const dht::Token token = ask(0, 1);
  guests[0]->send(contacts[1], 5);
  run_for(5 * kSecond);
  EXPECT_EQ(guests[1]->requests.size(), 1U);
  EXPECT_EQ(guests[1]->messages.size(), 0U);
  const Time resumed = network->now();
  network->resume(0);
  run_for(kSecond);
  EXPECT_EQ(guests[0]->asked[token].settled, resumed + kRoundTrip);
  EXPECT_EQ(guests[1]->messages.size(), 1U);
}

// A node that has dialled and begun a new life cannot tell so.
TEST_F(NetworkTest, AMessageThatNobodyAcknowledgesMakesItsSenderDial) {
  build(2);
  time_of_request(1, 0);
  network->crash(1);
  start(1);
  guests[0]->send(contacts[1], 5);
  run_for(31 * kSecond);
  EXPECT_EQ(time_of_request(0, 1), kRoundTrip);  // on the connection that was dialled
}

}  // namespace
}  // namespace macula::sim
