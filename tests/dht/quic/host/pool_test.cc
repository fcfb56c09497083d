// The choice of the connection that goes where there are too many, in all or of one key.
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "tests/dht/quic/host/host_fixture.h"

namespace macula::dht::quic {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class Pool : public testing::Test {
 protected:
  static HostConfig room_for(std::size_t connections) {
    HostConfig config;
    config.pool = connections;
    return config;
  }
  static HostConfig of_one_key(std::size_t connections) {
    HostConfig config;
    config.max_per_key = connections;
    return config;
  }
  void ask(Resident& from, Resident& to) {
    from.guest->ask(from.contact(to), seconds(60));
    town.run(seconds(2));
  }
  // And nobody answers.
  void ask_in_vain(Resident& from, Resident& to) {
    const auto answer = std::exchange(to.guest->on_inbound, nullptr);
    ask(from, to);
    to.guest->on_inbound = answer;
  }
  // A client of its own at its own address, with the key that all of these have.
  Resident& settle_with_shared_key(std::uint16_t number) {
    HostConfig client;
    client.client = true;
    Resident& resident = town.settle(number, client);
    resident.die();
    resident.live_as(99);
    return resident;
  }

  HostTown town;
};

TEST_F(Pool, AConnectionThatOthersHaveMadeGoesBeforeOneThatWasOfUse) {
  Resident& hub = town.settle(1, room_for(2));
  Resident& useful = town.settle(2);
  Resident& visitor = town.settle(3);
  ask(hub, useful);
  ask(visitor, hub);
  ask(hub, town.settle(4));
  EXPECT_EQ(connections(visitor), 0U);
  EXPECT_EQ(connections(useful), 1U);  // though used less lately
  EXPECT_EQ(hub.host->counters().evicted, 1U);
}

TEST_F(Pool, WhatIsIdleGoesBeforeWhatIsBusyAndUsedLessLately) {
  Resident& hub = town.settle(1, room_for(2));
  Resident& slow = town.settle(2);
  Resident& quick = town.settle(3);
  slow.guest->on_inbound = nullptr;
  ask(hub, slow);
  ask(hub, quick);
  ask(hub, town.settle(4));
  EXPECT_EQ(connections(slow), 1U);
  EXPECT_EQ(connections(quick), 0U);
  EXPECT_EQ(hub.host->counters().evicted, 1U);
}

TEST_F(Pool, WhereAllAreBusyOneThatOthersHaveMadeMakesRoomForTheNext) {
  Resident& hub = town.settle(1, room_for(1));
  hub.guest->on_inbound = nullptr;
  Resident& first = town.settle(2);
  ask(first, hub);
  ASSERT_EQ(hub.guest->requests.size(), 1U);
  ask(town.settle(3), hub);
  EXPECT_EQ(hub.guest->requests.size(), 2U);
  EXPECT_EQ(connections(first), 0U);
  EXPECT_EQ(connections(hub), 1U);
  EXPECT_EQ(hub.host->counters().evicted, 1U);
}

TEST_F(Pool, OfOneKeyTheLeastUsedGoes) {
  Resident& hub = town.settle(1, of_one_key(2));
  Resident& first = settle_with_shared_key(2);
  Resident& second = settle_with_shared_key(3);
  ask(town.settle(5), hub);  // of another key
  ask(first, hub);
  ask(second, hub);
  EXPECT_EQ(hub.host->counters().evicted, 0U);
  ask(settle_with_shared_key(4), hub);
  EXPECT_EQ(hub.host->counters().evicted, 1U);
  EXPECT_EQ(connections(first), 0U);
  EXPECT_EQ(connections(second), 1U);
  EXPECT_EQ(connections(hub), 3U);
}

TEST_F(Pool, OfOneKeyAnIdleOneGoesBeforeABusyOne) {
  Resident& hub = town.settle(1, of_one_key(2));
  Resident& busy = settle_with_shared_key(2);
  Resident& idle = settle_with_shared_key(3);
  ask_in_vain(busy, hub);
  ask(idle, hub);
  ask(settle_with_shared_key(4), hub);
  EXPECT_EQ(connections(busy), 1U);
  EXPECT_EQ(connections(idle), 0U);
}

// It has pauses between what it asks: a moment without is no idleness.
TEST_F(Pool, OfOneKeyWhoeverWasUsedWithinASecondIsNotIdle) {
  Resident& hub = town.settle(1, of_one_key(2));
  Resident& first = settle_with_shared_key(2);
  Resident& second = settle_with_shared_key(3);
  ask_in_vain(first, hub);
  ask(second, hub);
  second.guest->ask(second.contact(hub), seconds(5));
  town.run(milliseconds(200));
  Resident& third = settle_with_shared_key(4);
  third.guest->ask(third.contact(hub), seconds(5));
  town.run(milliseconds(300));
  EXPECT_EQ(connections(second), 1U);
  EXPECT_EQ(hub.host->counters().evicted, 1U);  // the busy one, used less lately
}

}  // namespace
}  // namespace macula::dht::quic
