// Meetings at an endpoint where a connection leads already, after that one has fallen silent.
#include <gtest/gtest.h>

#include <optional>

#include "tests/dht/quic/host/host_fixture.h"

namespace macula::dht::quic {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class MeetingTest : public testing::Test {
 protected:
  MeetingTest() {
    EXPECT_EQ(meet(seconds(1)), former);
    EXPECT_TRUE(answers(former));
  }
  // The contact that is met within that time; nothing: none.
  std::optional<ContactRef> meet(Duration patience) {
    const Token token = a.guest->meet(b.endpoint, patience);
    town.run(patience);
    const auto& outcomes = a.guest->meetings[token];
    EXPECT_EQ(outcomes.size(), 1U);
    if (outcomes.empty() || outcomes[0].first == kNoContact) return std::nullopt;
    return outcomes[0].first;
  }
  bool answers(ContactRef contact) {
    const Token token = a.guest->ask(contact, seconds(1));
    town.run(milliseconds(1100));
    return a.guest->asked[token].replies == 1;
  }
  void cut() {
    town.wire.cut(a.place, b.place);
    town.wire.cut(b.place, a.place);
  }

  HostTown town;
  Resident& a = town.settle(1);
  Resident& b = town.settle(2);
  const ContactRef former = a.contact(b);
};

// A minute before the idle timeout of the connection to the former one.
TEST_F(MeetingTest, ANodeUnderANewKeyIsMetOnceARequestWasNotDelivered) {
  b.die();
  b.live_as(9);
  EXPECT_FALSE(answers(former));
  EXPECT_EQ(meet(seconds(1)), a.contact(b));
  EXPECT_NE(a.contact(b), former);
  EXPECT_TRUE(answers(a.contact(b)));
  EXPECT_EQ(meet(seconds(1)), a.contact(b));
  EXPECT_EQ(a.host->counters().dials, 2U);  // the second meeting needed none
}

TEST_F(MeetingTest, NobodyIsMetOverAConnectionInDoubtAndTheSameNodeOnceItIsBack) {
  cut();
  EXPECT_FALSE(answers(former));
  EXPECT_EQ(meet(seconds(3)), std::nullopt);
  town.wire.heal();
  EXPECT_EQ(meet(seconds(5)), former);
  EXPECT_TRUE(answers(former));
  town.run(seconds(10));
  EXPECT_EQ(a.host->engine().connections(), 1U);
  EXPECT_EQ(b.host->engine().connections(), 1U);
}

// The message that came on it since proves it alive: there is no need to dial.
TEST_F(MeetingTest, AConnectionOnWhichSomethingCameSinceIsBelieved) {
  town.wire.cut(a.place, b.place);
  const Token lost = a.guest->ask(former, seconds(1));
  town.run(milliseconds(100));
  b.guest->ask(b.contact(a), seconds(5));
  town.run(seconds(1));
  EXPECT_EQ(a.guest->asked[lost].failures, 1);
  EXPECT_EQ(a.guest->requests.size(), 1U);
  town.wire.heal();
  EXPECT_EQ(meet(seconds(1)), former);
  EXPECT_EQ(a.host->counters().dials, 1U);
}

TEST_F(MeetingTest, AConnectionInDoubtThatCarriesAnAnswerIsBelievedAgain) {
  cut();
  EXPECT_FALSE(answers(former));
  town.wire.heal();
  EXPECT_TRUE(answers(former));
  EXPECT_EQ(meet(seconds(1)), former);
  EXPECT_EQ(a.host->counters().dials, 1U);
}

// One of the connections to an endpoint stays; but it leads only to the node whose key it has
// proven.
TEST_F(MeetingTest, WhatIsMeantForTheFormerNodeIsNotAskedOfTheNewOne) {
  b.die();
  b.live_as(9);
  EXPECT_FALSE(answers(former));
  EXPECT_EQ(meet(seconds(1)), a.contact(b));
  cut();
  EXPECT_FALSE(answers(a.contact(b)));
  town.wire.heal();
  EXPECT_EQ(meet(seconds(1)), a.contact(b));  // over a third connection
  const std::size_t asked = b.guest->requests.size();
  EXPECT_FALSE(answers(former));
  EXPECT_EQ(b.guest->requests.size(), asked);
}

}  // namespace
}  // namespace macula::dht::quic
