// The behaviour of a QUIC host beyond the promises of dht/transport.h.
#include "dht/quic/host/quic_host.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "dht/wire/codec.h"
#include "tests/dht/quic/host/host_fixture.h"

namespace macula::dht::quic {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

bool answered(const Resident& resident, Token token) {
  return resident.guest->asked[token].replies == 1;
}

// ----- who is who -----

TEST(QuicHost, APeerWithAnotherKeyThanItsContactIsRefusedReportedAndNotDialledInAStorm) {
  HostTown town;
  Resident& asker = town.settle(1);
  Resident& other = town.settle(2);
  const NodeId expected = hash_id("somebody else");
  const Token token = asker.guest->ask(asker.contact(expected, other.endpoint), seconds(20));
  town.run(seconds(19));
  EXPECT_EQ(asker.guest->asked[token].failures, 0);  // no early word
  town.run(seconds(2));
  EXPECT_EQ(asker.guest->asked[token].failure, Failure::timeout);
  ASSERT_FALSE(asker.refused.empty());
  EXPECT_EQ(asker.refused[0].expected, expected);
  EXPECT_EQ(asker.refused[0].remote, other.endpoint);
  EXPECT_GE(asker.host->counters().dials, 3U);
  EXPECT_LE(asker.host->counters().dials, 8U);
  EXPECT_TRUE(other.guest->requests.empty());
}

TEST(QuicHost, AnIdForgedInConnectIsRefusedAndReported) {
  HostTown town;
  HostConfig liar;
  liar.unbound = true;
  Resident& forger = town.settle(1, liar, hash_id("the king"));
  Resident& honest = town.settle(2);
  const Token token = forger.guest->ask(forger.contact(honest), seconds(5));
  town.run(seconds(6));
  EXPECT_FALSE(answered(forger, token));
  EXPECT_TRUE(honest.guest->requests.empty());
  ASSERT_FALSE(honest.refused.empty());
  EXPECT_EQ(honest.refused[0].expected, forger.credentials.id());
  EXPECT_EQ(honest.host->counters().refused_identity, honest.refused.size());
  EXPECT_FALSE(honest.book.find({hash_id("the king"), forger.endpoint, std::nullopt}));
}

TEST(QuicHost, UnboundPeersAreWhoTheyClaimToBe) {
  HostTown town;
  HostConfig unbound;
  unbound.unbound = true;
  Resident& a = town.settle(1, unbound, hash_id("edge1"));
  Resident& b = town.settle(2, unbound, hash_id("edge2"));
  const Token token = a.guest->ask(a.contact(b), seconds(5));
  town.run(seconds(1));
  EXPECT_TRUE(answered(a, token));
  ASSERT_EQ(b.guest->requests.size(), 1U);
  EXPECT_EQ(b.guest->requests[0].from, b.contact(hash_id("edge1"), a.endpoint));
}

TEST(QuicHost, AOneShotClientIsServedAndNoContact) {
  HostTown town;
  HostConfig client;
  client.client = true;
  Resident& caller = town.settle(1, client);
  Resident& server = town.settle(2);
  const std::size_t known = server.book.size();
  const Token token = caller.guest->ask(caller.contact(server), seconds(5));
  town.run(seconds(1));
  EXPECT_TRUE(answered(caller, token));
  ASSERT_EQ(server.guest->requests.size(), 1U);
  EXPECT_EQ(server.guest->requests[0].from, kNoContact);
  EXPECT_EQ(server.book.size(), known);
}

TEST(QuicHost, MeetsWhoeverListensAtAnEndpoint) {
  HostTown town;
  Resident& a = town.settle(1);
  Resident& b = town.settle(2);
  std::vector<std::optional<ContactRef>> met;
  const auto note = [&](std::optional<ContactRef> contact) { met.push_back(contact); };
  a.host->meet(b.endpoint, seconds(5), note);
  a.host->meet(make_ipv4(0x0b0000ff, 9443), seconds(3), note);
  EXPECT_TRUE(met.empty());
  town.run(seconds(1));
  ASSERT_EQ(met.size(), 1U);
  EXPECT_EQ(met[0], a.contact(b));
  // Over the connection that there is.
  const Token token = a.guest->ask(a.contact(b), seconds(1));
  town.run(seconds(3));
  EXPECT_TRUE(answered(a, token));
  EXPECT_EQ(a.host->counters().dials, 2U);  // the other one to nobody
  ASSERT_EQ(met.size(), 2U);
  EXPECT_EQ(met[1], std::nullopt);
}

// ----- connections -----

TEST(QuicHost, DialsAtOneTimeEndInOneConnectionAndNothingIsLost) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    HostTown town({.lost_per_mille = seed % 2 == 0 ? 50U : 0U}, seed);
    Resident& a = town.settle(1);
    Resident& b = town.settle(2);
    std::vector<Token> of_a;
    std::vector<Token> of_b;
    for (int i = 0; i < 20; ++i) {
      of_a.push_back(a.guest->ask(a.contact(b), seconds(20)));
      of_b.push_back(b.guest->ask(b.contact(a), seconds(20)));
      a.guest->send(a.contact(b), static_cast<std::uint64_t>(i));
      b.guest->send(b.contact(a), static_cast<std::uint64_t>(i));
      town.run(milliseconds(seed % 7));
    }
    town.run(seconds(15));
    for (const Token token : of_a) EXPECT_TRUE(answered(a, token)) << seed;
    for (const Token token : of_b) EXPECT_TRUE(answered(b, token)) << seed;
    EXPECT_EQ(a.guest->messages.size(), 20U) << seed;
    EXPECT_EQ(b.guest->messages.size(), 20U) << seed;
    for (const auto& [from, number] : a.guest->messages) EXPECT_EQ(from, a.contact(b)) << seed;
    for (const auto& [from, number] : b.guest->messages) EXPECT_EQ(from, b.contact(a)) << seed;
    EXPECT_EQ(a.host->counters().refused_frames + b.host->counters().refused_frames, 0U) << seed;
    EXPECT_EQ(connections(a), 1U) << seed;
    EXPECT_EQ(connections(b), 1U) << seed;
  }
}

TEST(QuicHost, BeyondThePoolTheLeastUsedIdleConnectionGoes) {
  HostTown town;
  HostConfig config;
  config.pool = 2;
  Resident& hub = town.settle(1, config);
  std::vector<Resident*> peers;
  for (std::uint16_t i = 2; i <= 4; ++i) peers.push_back(&town.settle(i));
  for (Resident* peer : {peers[0], peers[1], peers[0], peers[2]}) {
    const Token token = hub.guest->ask(hub.contact(*peer), seconds(5));
    town.run(seconds(1));
    EXPECT_TRUE(answered(hub, token));
  }
  town.run(seconds(5));
  EXPECT_EQ(connections(hub), 2U);
  EXPECT_EQ(hub.host->counters().evicted, 1U);
  EXPECT_EQ(connections(*peers[0]), 1U);
  EXPECT_EQ(connections(*peers[1]), 0U);  // used least lately
  const Token again = hub.guest->ask(hub.contact(*peers[1]), seconds(5));
  town.run(seconds(1));
  EXPECT_TRUE(answered(hub, again));
}

TEST(QuicHost, ABusyConnectionIsNotEvicted) {
  HostTown town;
  HostConfig config;
  config.pool = 1;
  Resident& hub = town.settle(1, config);
  Resident& slow = town.settle(2);
  Resident& quick = town.settle(3);
  slow.guest->on_inbound = nullptr;
  const Token waits = hub.guest->ask(hub.contact(slow), seconds(20));
  town.run(seconds(1));
  const Token token = hub.guest->ask(hub.contact(quick), seconds(5));
  town.run(seconds(1));
  EXPECT_TRUE(answered(hub, token));
  slow.guest->reply(slow.guest->requests.at(0));
  town.run(seconds(1));
  EXPECT_TRUE(answered(hub, waits));
}

// Each dial to nobody takes the handshake timeout; the pauses between are what is looked at.
TEST(QuicHost, PausesBetweenDialsGrowAndAreJittered) {
  std::vector<std::vector<Duration>> pauses;
  for (std::uint16_t number = 1; number <= 2; ++number) {
    HostTown town;
    HostConfig config;
    config.engine.handshake_timeout = seconds(1);
    config.engine.initials_unanswered = 1000;
    Resident& asker = town.settle(number, config);
    asker.guest->ask(asker.contact(hash_id("nobody"), make_ipv4(0x0b0000ff, 9443)), seconds(120));
    std::vector<Time> dials;
    std::uint64_t seen = 0;
    for (int i = 0; i < 110'000 && dials.size() < 7; ++i) {
      town.run(milliseconds(1));
      if (asker.host->counters().dials > seen) dials.push_back(town.wire.now());
      seen = asker.host->counters().dials;
    }
    ASSERT_EQ(dials.size(), 7U);
    auto& of_this = pauses.emplace_back();
    Duration least = milliseconds(250);
    for (std::size_t i = 1; i < dials.size(); ++i, least *= 2) {
      of_this.push_back(dials[i] - dials[i - 1] - seconds(1));
      EXPECT_GE(of_this.back(), least - milliseconds(2)) << i;
      EXPECT_LE(of_this.back(), least * 3 / 2 + milliseconds(2)) << i;
    }
  }
  EXPECT_NE(pauses[0], pauses[1]);
}

TEST(QuicHost, TwentyDeadPeersDoNotDelayTheLiveOnes) {
  HostTown town;
  Resident& asker = town.settle(1);
  Resident& live = town.settle(2);
  for (std::uint16_t i = 0; i < 20; ++i) {
    asker.guest->ask(asker.contact(hash_id(std::to_string(i)), make_ipv4(0x0b000100U + i, 9443)),
                     seconds(5));
  }
  const Token token = asker.guest->ask(asker.contact(live), seconds(5));
  town.run(milliseconds(170));  // two round trips of the slowest link
  EXPECT_TRUE(answered(asker, token));
}

// ----- ends -----

TEST(QuicHost, AnOrderlyCloseDeliversWhatIsAcceptedEvenOverAConnectionNotYetThere) {
  HostTown town({.lost_per_mille = 100});
  Resident& a = town.settle(1);
  Resident& b = town.settle(2);
  for (std::uint64_t i = 0; i < 50; ++i) a.guest->send(a.contact(b), i);
  const Token own = a.guest->ask(a.contact(b), seconds(20));
  a.host->close(town.wire.now(), seconds(20));
  EXPECT_FALSE(a.host->closed());
  for (int i = 0; i < 200 && !a.host->closed(); ++i) town.run(milliseconds(100));
  EXPECT_TRUE(a.host->closed());
  EXPECT_LT(town.wire.now(), kTimeZero + seconds(15));
  EXPECT_EQ(b.guest->messages.size(), 50U);
  EXPECT_EQ(a.guest->asked[own].failure, Failure::cancelled);
  const Token late = a.guest->ask(a.contact(b), seconds(1));
  town.run(milliseconds(1));
  EXPECT_EQ(a.guest->asked[late].failure, Failure::cancelled);
  town.run(seconds(5));
  EXPECT_EQ(connections(b), 0U);  // it was told
}

TEST(QuicHost, ACloseWithNobodyToReachEndsWhenPatienceDoes) {
  HostTown town;
  Resident& a = town.settle(1);
  a.guest->send(a.contact(hash_id("nobody"), make_ipv4(0x0b0000ff, 9443)), 1);
  a.host->close(town.wire.now(), seconds(3));
  town.run(milliseconds(2900));
  EXPECT_FALSE(a.host->closed());
  town.run(milliseconds(200));
  EXPECT_TRUE(a.host->closed());
  EXPECT_EQ(a.host->pending(), 0U);
}

// ----- what nobody waits for any more -----

TEST(QuicHost, WhatHasEndedBeforeItWasWrittenIsNotSent) {
  HostTown town;
  HostConfig config;
  config.engine.initials_unanswered = 1000;
  Resident& asker = town.settle(1, config);
  Resident& other = town.settle(2);
  town.wire.cut(asker.place, other.place);
  std::vector<Token> in_vain;
  for (int i = 0; i < 20; ++i)
    in_vain.push_back(asker.guest->ask(asker.contact(other), seconds(2)));
  std::vector<Token> cancelled;
  for (int i = 0; i < 5; ++i)
    cancelled.push_back(asker.guest->ask(asker.contact(other), seconds(9)));
  town.run(seconds(3));
  for (const Token token : in_vain) EXPECT_EQ(asker.guest->asked[token].failures, 1);
  for (const Token token : cancelled) asker.guest->cancel(token);
  const Token later = asker.guest->ask(asker.contact(other), seconds(6));
  town.wire.heal();
  town.run(seconds(8));
  EXPECT_TRUE(answered(asker, later));
  EXPECT_EQ(other.guest->requests.size(), 1U);
  EXPECT_EQ(other.host->counters().refused_frames, 0U);
  EXPECT_EQ(asker.host->engine().connections(), 1U);
}

TEST(QuicHost, WhatIsCancelledWhileItWaitsForTheWindowIsNotSent) {
  HostTown town;
  Resident& asker = town.settle(1);
  Resident& other = town.settle(2);
  const Token first = asker.guest->ask(asker.contact(other), seconds(5));
  town.run(seconds(1));
  ASSERT_TRUE(answered(asker, first));
  std::vector<Token> tokens;
  for (int i = 0; i < 3000; ++i)
    tokens.push_back(asker.guest->ask(asker.contact(other), seconds(9)));
  town.run(milliseconds(1));
  for (const Token token : tokens) asker.guest->cancel(token);
  town.run(seconds(5));
  // The first windows hold a few hundred.
  EXPECT_LT(other.guest->requests.size(), 1000U);
  const Token later = asker.guest->ask(asker.contact(other), seconds(2));
  town.run(seconds(2));
  EXPECT_TRUE(answered(asker, later));
}

TEST(QuicHost, BeyondItsLimitsRequestsAreRefused) {
  HostTown town;
  HostConfig config;
  config.max_pending = 10;
  config.max_inbound = 5;
  Resident& a = town.settle(1, config);
  Resident& b = town.settle(2, config);
  b.guest->on_inbound = nullptr;
  for (int i = 0; i < 12; ++i) a.guest->ask(a.contact(b), seconds(5));
  town.run(seconds(1));
  std::size_t refused = 0;
  for (const auto& each : a.guest->asked) {
    if (each.failures == 1 && each.failure == Failure::refused) ++refused;
  }
  EXPECT_EQ(b.guest->requests.size(), 3U);  // two are left for others
  EXPECT_EQ(refused, 9U);                   // two at once, seven by the peer
  EXPECT_EQ(a.host->counters().refused_full, 2U);
  EXPECT_EQ(b.host->counters().refused_requests, 7U);
}

// ----- sameness -----

TEST(QuicHost, TwoRunsSendDatagramsOfTheSameSizesAtTheSameTimes) {
  const auto run = [] {
    HostTown town({.lost_per_mille = 50}, 7);
    std::vector<Resident*> all;
    for (std::uint16_t i = 1; i <= 5; ++i) all.push_back(&town.settle(i));
    for (int round = 0; round < 20; ++round) {
      for (Resident* from : all) {
        for (Resident* to : all) {
          if (from != to) from->guest->ask(from->contact(*to), seconds(3));
        }
      }
      town.run(milliseconds(137));
    }
    town.run(seconds(5));
    return town.wire.sent();
  };
  const auto first = run();
  EXPECT_GT(first.size(), 500U);
  EXPECT_TRUE(first == run());
}

}  // namespace
}  // namespace macula::dht::quic
