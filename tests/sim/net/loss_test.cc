// The fate of lost packets and of large messages, to the millisecond.
#include <gtest/gtest.h>

#include <cstddef>
#include <vector>

#include "tests/sim/net/network_fixture.h"

namespace macula::sim {
namespace {

TEST_F(NetworkTest, LossCostsTimeNotTheMessage) {
  model.default_loss_ppm = 300'000;
  options.warm_connections = true;
  build(2);
  for (int i = 0; i < 500; ++i) {
    ask(0, 1);
    guests[0]->send(contacts[1], static_cast<std::uint64_t>(i));
    run_for(kMillisecond);
  }
  run_for(120 * kSecond);
  int delayed = 0;
  for (const auto& asked : guests[0]->asked) {
    EXPECT_EQ(asked.replies, 1);
    if (asked.settled - asked.sent > 20 * kMillisecond) ++delayed;
  }
  // 1 - 0.7 squared is 51 %; 5 standard deviations are 56 of 500.
  EXPECT_NEAR(delayed, 255, 56);
  EXPECT_EQ(guests[1]->requests.size(), 500U);
  EXPECT_EQ(guests[1]->messages.size(), 500U);
}

TEST_F(NetworkTest, APacketIsSentAgainAfterAProbeTimeoutThatDoubles) {
  options.warm_connections = true;
  build(2);
  cut_apart(*network, {0}, {1}, true);
  const dht::Token token = ask(0, 1);
  // 3 round trips of 20 ms and 25 ms of delayed acknowledgement; then twice that, and 4 times: sent
  // again after 85, 255 and 595 ms. The heal lets the third through.
  run_for(300 * kMillisecond);
  heal_all(*network);
  run_for(kSecond);
  const auto& asked = guests[0]->asked[token];
  EXPECT_EQ(asked.settled - asked.sent, (595 + 20) * kMillisecond);
}

TEST_F(NetworkTest, ALaterPacketBringsBackAllThatIsLost) {
  build(2);
  time_of_request(0, 1);
  cut_apart(*network, {0}, {1}, false);
  const dht::Token first = ask(0, 1);
  run_for(kSecond);
  const dht::Token second = ask(0, 1);
  run_for(kSecond);
  heal_all(*network);
  const Time healed = network->now();
  ask(0, 1);
  run_for(kSecond);
  // There and back, which tells what is lost; and again.
  EXPECT_EQ(guests[0]->asked[first].settled, healed + 40 * kMillisecond);
  EXPECT_EQ(guests[0]->asked[second].settled, healed + 40 * kMillisecond);
}

TEST_F(NetworkTest, WhatWasSentGoesOnBeingSentAfterItsTimeout) {
  build(2);
  time_of_request(0, 1);
  cut_apart(*network, {0}, {1}, false);
  const dht::Token token = ask(0, 1, kSecond);
  guests[0]->send(contacts[1], 5);
  run_for(31 * kSecond);  // beyond anybody's patience
  heal_all(*network);
  run_for(30 * kSecond);
  EXPECT_EQ(guests[0]->asked[token].failures, 1);
  EXPECT_EQ(guests[0]->asked[token].replies, 0);
  EXPECT_EQ(guests[1]->requests.size(), 2U);
  EXPECT_EQ(guests[1]->messages.size(), 1U);
}

TEST_F(NetworkTest, AConnectionEndsAfterAMinuteWithoutAWord) {
  build(2);
  time_of_request(0, 1);
  cut_apart(*network, {0}, {1}, false);
  guests[0]->send(contacts[1], 5);
  const dht::Token token = ask(0, 1, 90 * kSecond);
  run_for(61 * kSecond);
  heal_all(*network);
  run_for(30 * kSecond);
  // The request is sent again on the next connection; the message may have arrived.
  EXPECT_EQ(guests[0]->asked[token].replies, 1);
  EXPECT_EQ(guests[1]->messages.size(), 0U);
}

TEST_F(NetworkTest, LargeMessagesTakeARoundTripForEachWindow) {
  options.warm_connections = true;
  build(2);
  // Its answer is as large.
  const auto time_of = [&](std::size_t bytes) {
    const dht::Token token = guests[0]->ask_large(contacts[1], bytes, 60 * kSecond);
    run_for(10 * kSecond);
    const auto& asked = guests[0]->asked[token];
    EXPECT_EQ(asked.bytes, bytes);
    return asked.settled - asked.sent;
  };
  EXPECT_EQ(time_of(10'000), 20 * kMillisecond);
  // 14 to 15 000 bytes each way, then twice that, and again. Pacing stretches them.
  const Duration three = time_of(60'000);
  EXPECT_GE(three, (20 + 4 * 20) * kMillisecond);
  EXPECT_LE(three, (20 + 6 * 20) * kMillisecond);
  EXPECT_LT(time_of(60'000), three);  // the windows have grown
}

TEST_F(NetworkTest, LargeMessagesGetThroughLoss) {
  model.default_loss_ppm = 100'000;
  build(2);
  std::vector<dht::Token> tokens;
  for (int i = 0; i < 10; ++i)
    tokens.push_back(guests[0]->ask_large(contacts[1], 300'000, 60 * kSecond));
  run_for(90 * kSecond);
  for (const dht::Token token : tokens) EXPECT_EQ(guests[0]->asked[token].bytes, 300'000U);
}

// Probes go on meanwhile, and the first that comes through shows all that was lost.
TEST_F(NetworkTest, ALargeMessageGoesOnSoonAfterACut) {
  build(2);
  time_of_request(0, 1);
  const dht::Token token = guests[0]->ask_large(contacts[1], 300'000, 60 * kSecond);
  run_for(150 * kMillisecond);
  cut_apart(*network, {0}, {1}, false);
  run_for(kSecond);
  heal_all(*network);
  const Time healed = network->now();
  run_for(60 * kSecond);
  const auto& asked = guests[0]->asked[token];
  EXPECT_EQ(asked.bytes, 300'000U);
  // The next probe leaves a second later at most; then a few round trips, there and back.
  EXPECT_LT(asked.settled, healed + 2 * kSecond);
}

// Each of the ten datagrams there and the ten back is lost once in twenty: all of them arrive once
// in three. Most often a later one shows within a round trip what was lost.
TEST_F(NetworkTest, OfAMessageOnlyWhatWasLostGoesAgain) {
  model.default_loss_ppm = 50'000;
  build(2);
  int soon = 0;
  for (int i = 0; i < 200; ++i) {
    const dht::Token token = guests[0]->ask_large(contacts[1], 11'000, 60 * kSecond);
    run_for(10 * kSecond);
    const auto& asked = guests[0]->asked[token];
    EXPECT_EQ(asked.bytes, 11'000U);
    soon += asked.settled - asked.sent <= 60 * kMillisecond;
  }
  EXPECT_GT(soon, 140);
}

TEST_F(NetworkTest, MessagesShareTheWindowInTurn) {
  options.warm_connections = true;
  build(2);
  const dht::Token first = guests[0]->ask_large(contacts[1], 200'000, 60 * kSecond);
  const dht::Token second = guests[0]->ask_large(contacts[1], 30'000, 60 * kSecond);
  run_for(10 * kSecond);
  EXPECT_LT(guests[0]->asked[second].settled, guests[0]->asked[first].settled);
}

}  // namespace
}  // namespace macula::sim
