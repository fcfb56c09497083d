// Meeting whoever is at an endpoint, to the millisecond.
#include <gtest/gtest.h>

#include "tests/sim/net/network_fixture.h"

namespace macula::sim {
namespace {

class MeetingTest : public NetworkTest {
 protected:
  // From node 0, now.
  void meet(NodeNumber node, Duration patience = 10 * kSecond) {
    began = network->now();
    token = guests[0]->meet(book.endpoint(contacts[node]), patience);
  }
  void expect_met(dht::ContactRef contact, Duration after) {
    const auto& outcomes = guests[0]->meetings[token];
    ASSERT_EQ(outcomes.size(), 1U);
    EXPECT_EQ(outcomes.front().first, contact);
    EXPECT_EQ(outcomes.front().second - began, after);
  }

  dht::Token token = 0;
  Time began{};
};

TEST_F(MeetingTest, ItMakesAConnectionAndIsAnsweredOverIt) {
  build(2);
  meet(1);
  run_for(kSecond);
  expect_met(contacts[1], 40 * kMillisecond);
  EXPECT_EQ(time_of_request(0, 1), 20 * kMillisecond);
}

TEST_F(MeetingTest, ItRidesOnTheConnectionThatIsThere) {
  build(2);
  time_of_request(0, 1);
  meet(1);
  run_for(kSecond);
  expect_met(contacts[1], 20 * kMillisecond);
}

TEST_F(MeetingTest, AConnectionWithADeadPeerTellsNobody) {
  build(2);
  time_of_request(0, 1);
  network->crash(1);
  meet(1);
  run_for(20 * kSecond);
  expect_met(dht::kNoContact, 10 * kSecond);
}

TEST_F(MeetingTest, ARestartedPeerIsMetAfterItsReset) {
  build(2);
  time_of_request(0, 1);
  network->crash(1);
  start(1);
  meet(1);
  run_for(kSecond);
  // The reset, the handshake, and the answer.
  expect_met(contacts[1], 60 * kMillisecond);
}

TEST_F(MeetingTest, LossCostsTimeNotTheMeeting) {
  model.default_loss_ppm = 300'000;
  build(2);
  for (int i = 0; i < 50; ++i) {
    meet(1, 60 * kSecond);
    run_for(60 * kSecond);
    ASSERT_EQ(guests[0]->meetings[token].size(), 1U);
    EXPECT_EQ(guests[0]->meetings[token].front().first, contacts[1]);
  }
}

TEST_F(MeetingTest, APausedNodeIsNotMetUntilItResumes) {
  build(2);
  network->pause(1);
  meet(1);
  network->schedule(network->now() + kSecond, [&] { network->resume(1); });
  run_for(2 * kSecond);
  expect_met(contacts[1], kSecond + 30 * kMillisecond);
  network->pause(1);
  meet(1);
  run_for(20 * kSecond);
  expect_met(dht::kNoContact, 10 * kSecond);
}

}  // namespace
}  // namespace macula::sim
