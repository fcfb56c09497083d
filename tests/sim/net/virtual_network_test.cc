// Promises of the virtual network beyond dht/transport.h: exact times, costs and digests.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "dht/wire/codec.h"
#include "sim/macula/net/virtual_macula_network.h"
#include "tests/conformance/macula_words.h"
#include "tests/sim/net/network_fixture.h"

namespace macula::sim {
namespace {

// ----- connections -----

TEST_F(NetworkTest, FirstContactCostsOneRoundTripMore) {
  build(3);
  EXPECT_EQ(time_of_request(0, 1), 40 * kMillisecond);
  EXPECT_EQ(time_of_request(0, 1), 20 * kMillisecond);
  EXPECT_EQ(time_of_request(1, 0), 20 * kMillisecond);  // one connection serves both ways
  EXPECT_EQ(time_of_request(2, 0), 40 * kMillisecond);
}

TEST_F(NetworkTest, WarmConnectionsCostNothing) {
  options.warm_connections = true;
  build(2);
  EXPECT_EQ(time_of_request(0, 1), 20 * kMillisecond);
}

TEST_F(NetworkTest, AConnectionMayBeOpenedBeforehand) {
  build(2);
  network->connect(0, 1);
  network->connect(0, 1);
  run_for(kSecond);
  EXPECT_EQ(time_of_request(0, 1), 20 * kMillisecond);
  EXPECT_EQ(time_of_request(1, 0), 20 * kMillisecond);
}

TEST_F(NetworkTest, RequestsShareAHandshakeAndDoNotWaitForEachOther) {
  build(2);
  guests[1]->on_inbound = [&](const conformance::Inbound& request) {
    if (request.timestamp != 0) guests[1]->reply(request);
  };
  for (int i = 0; i < 3; ++i) ask(0, 1, kSecond);
  run_for(40 * kMillisecond);
  EXPECT_EQ(guests[0]->asked[0].replies, 0);  // is not answered, and holds up nobody
  EXPECT_EQ(guests[0]->asked[1].replies, 1);
  EXPECT_EQ(guests[0]->asked[2].replies, 1);
}

TEST_F(NetworkTest, ARestartedPeerCostsAReset) {
  build(2);
  time_of_request(0, 1);
  network->crash(1);
  start(1);
  // There, the reset back, a handshake, the request.
  EXPECT_EQ(time_of_request(0, 1), 60 * kMillisecond);
  EXPECT_EQ(time_of_request(0, 1), 20 * kMillisecond);
  network->crash(0);
  start(0);
  EXPECT_EQ(time_of_request(0, 1), 40 * kMillisecond);  // its own restart it knows of
}

TEST_F(NetworkTest, ATimeoutBeforeTheResetIsBackIsATimeoutAtItsTime) {
  build(2);
  time_of_request(0, 1);
  network->crash(1);
  start(1);
  const dht::Token token = ask(0, 1, 15 * kMillisecond);
  run_for(kSecond);
  const auto& asked = guests[0]->asked[token];
  EXPECT_EQ(asked.failures, 1);
  EXPECT_EQ(asked.settled - asked.sent, 15 * kMillisecond);
}

TEST_F(NetworkTest, AResetThatIsCutOffIsNotHeard) {
  build(2);
  time_of_request(0, 1);
  network->crash(1);
  start(1);
  cut_apart(*network, {1}, {0}, true);
  const dht::Token token = ask(0, 1);
  run_for(500 * kMillisecond);
  heal_all(*network);
  run_for(60 * kSecond);
  const auto& asked = guests[0]->asked[token];
  EXPECT_EQ(asked.replies, 1);
  EXPECT_GT(asked.settled - asked.sent, 500 * kMillisecond);
  EXPECT_LT(asked.settled - asked.sent, 2 * kSecond);  // it went on probing
}

TEST_F(NetworkTest, AFailedHandshakeLeavesTheConnectionOfTheOtherEnd) {
  build(2);
  // Its handshake is sent at 0, 0.3, 0.9, 2.1, 4.5 and 9.3 s, and never arrives.
  cut_apart(*network, {0}, {1}, true);
  const dht::Token token = ask(0, 1);
  run_for(5 * kSecond);
  heal_all(*network);
  network->connect(1, 0);
  run_for(kSecond);
  cut_apart(*network, {0}, {1}, true);
  run_for(3900 * kMillisecond);
  heal_all(*network);
  run_for(60 * kSecond);
  // A request on it goes over the connection of the other end, when the dial is given up.
  const auto& asked = guests[0]->asked[token];
  EXPECT_EQ(asked.replies, 1);
  EXPECT_EQ(asked.settled - asked.sent, (10'000 + 20) * kMillisecond);
}

TEST_F(NetworkTest, WhatWaitsRidesOnTheNextDial) {
  build(2);
  cut_apart(*network, {0}, {1}, false);
  const dht::Token token = ask(0, 1);
  run_for(9800 * kMillisecond);  // after the last flight of the first dial
  heal_all(*network);
  run_for(60 * kSecond);
  const auto& asked = guests[0]->asked[token];
  EXPECT_EQ(asked.replies, 1);
  // 10 s, a pause of 250 to 375 ms, a handshake, the request.
  EXPECT_GE(asked.settled - asked.sent, (10'000 + 250 + 40) * kMillisecond);
  EXPECT_LE(asked.settled - asked.sent, (10'000 + 375 + 40) * kMillisecond);
}

TEST_F(NetworkTest, WhatHasTimedOutBeforeItsDialEndsIsNotSent) {
  build(2);
  cut_apart(*network, {0}, {1}, false);
  const dht::Token token = ask(0, 1, kSecond);
  const dht::Token later = ask(0, 1);
  run_for(2 * kSecond);
  heal_all(*network);
  run_for(60 * kSecond);
  EXPECT_EQ(guests[0]->asked[token].failures, 1);
  EXPECT_EQ(guests[0]->asked[later].replies, 1);
  EXPECT_EQ(guests[1]->requests.size(), 1U);
}

// ----- others -----

TEST_F(NetworkTest, TakingANodeOutLeavesTheMessagesOfOthersAlone) {
  model.default_delay = Distribution::uniform(5 * kMillisecond, 40 * kMillisecond);
  LinkClass home;
  home.name = "home";
  home.jitter = Distribution::uniform(Duration{0}, 5 * kMillisecond);
  home.loss_ppm = 100'000;
  model.classes.push_back(home);
  link_class = "home";
  std::vector<std::vector<Time>> settled;
  for (const bool with_third : {true, false}) {
    contacts.clear();
    guests.clear();
    build(3, 7);
    for (int i = 0; i < 100; ++i) {
      if (with_third) {
        ask(2, 0);
        ask(2, 1);
        ask(0, 2);
      }
      ask(1, 0);
      run_for(kMillisecond);
    }
    run_for(90 * kSecond);
    settled.emplace_back();
    for (const auto& asked : guests[1]->asked) settled.back().push_back(asked.settled);
  }
  EXPECT_EQ(settled[0], settled[1]);
}

// ----- faults -----

TEST_F(NetworkTest, AOneWayCutStopsAnswersNotQuestions) {
  build(3);
  time_of_request(0, 1);
  cut_apart(*network, {1}, {0}, true);
  guests[0]->send(contacts[1], 5);
  const dht::Token token = ask(0, 1, kSecond);
  const dht::Token other = ask(0, 2, kSecond);
  run_for(5 * kSecond);
  EXPECT_EQ(guests[1]->messages.size(), 1U);
  EXPECT_EQ(guests[1]->requests.size(), 2U);
  EXPECT_EQ(guests[0]->asked[token].failures, 1);
  EXPECT_EQ(guests[0]->asked[other].replies, 1);
}

TEST_F(NetworkTest, APausedNodeDoesAtOnceWhatWasDueWhenItResumes) {
  build(2);
  time_of_request(0, 1);
  network->pause(0);
  EXPECT_TRUE(network->paused(0));
  guests[0]->set_timer(kSecond, 9);
  const dht::Token silent = ask(0, 1, 2 * kSecond);
  const dht::Token question = ask(1, 0);
  guests[1]->send(contacts[0], 5);
  run_for(10 * kSecond);
  EXPECT_TRUE(guests[0]->timers.empty());
  EXPECT_TRUE(guests[0]->messages.empty());
  EXPECT_EQ(guests[0]->asked[silent].replies + guests[0]->asked[silent].failures, 0);
  const Time resumed = network->now();
  network->resume(0);
  run_for(10 * kMillisecond);
  ASSERT_EQ(guests[0]->timers.size(), 1U);
  EXPECT_EQ(guests[0]->timers[0].second, resumed);
  EXPECT_EQ(guests[0]->messages.size(), 1U);
  EXPECT_EQ(guests[0]->asked[silent].settled, resumed);
  EXPECT_EQ(guests[1]->asked[question].settled, resumed + 10 * kMillisecond);
}

TEST_F(NetworkTest, ActivationDelaysAndLosesNothing) {
  activation = 500 * kMillisecond;
  options.warm_connections = true;
  build(2);
  for (int i = 0; i < 200; ++i) {
    ask(0, 1);
    run_for(kMillisecond);
  }
  run_for(5 * kSecond);
  Duration least = kSecond;
  Duration most{0};
  for (const auto& asked : guests[0]->asked) {
    EXPECT_EQ(asked.replies, 1);
    least = std::min(least, asked.settled - asked.sent);
    most = std::max(most, asked.settled - asked.sent);
  }
  EXPECT_GE(least, 20 * kMillisecond);
  EXPECT_LE(most, 1020 * kMillisecond);
  EXPECT_LT(least, 220 * kMillisecond);
  EXPECT_GT(most, 820 * kMillisecond);
}

TEST_F(NetworkTest, ActivationPastTheTimeoutIsATimeoutAtItsTime) {
  activation = 10 * kSecond;
  options.warm_connections = true;
  build(2);
  for (int i = 0; i < 50; ++i) {
    ask(0, 1, 100 * kMillisecond);
    run_for(kMillisecond);
  }
  run_for(30 * kSecond);
  int failures = 0;
  for (const auto& asked : guests[0]->asked) {
    EXPECT_EQ(asked.replies + asked.failures, 1);
    if (asked.failures == 0) continue;
    ++failures;
    EXPECT_EQ(asked.settled - asked.sent, 100 * kMillisecond);
  }
  EXPECT_GE(failures, 45);
  EXPECT_EQ(guests[1]->requests.size(), 50U);  // it does hear them, later
}

TEST_F(NetworkTest, AnsweringTwiceIsABug) {
  build(2);
  guests[1]->on_inbound = nullptr;
  ask(0, 1);
  run_for(kSecond);
  guests[1]->reply(guests[1]->requests.at(0));
  EXPECT_DEATH(guests[1]->reply(guests[1]->requests[0]), "check failed");
}

// ----- counting -----

TEST_F(NetworkTest, PendingCountsRequestsAndTimers) {
  options.warm_connections = true;
  build(2);
  EXPECT_EQ(network->pending(0), 0U);
  ask(0, 1);
  const dht::Token cancelled = ask(0, 1);
  guests[0]->set_timer(kSecond, 1);
  const dht::TimerId timer = guests[0]->set_timer(kSecond, 2);
  EXPECT_EQ(network->pending(0), 4U);
  guests[0]->cancel(cancelled);
  guests[0]->cancel_timer(timer);
  EXPECT_EQ(network->pending(0), 2U);
  EXPECT_EQ(network->pending(1), 0U);
  run_for(500 * kMillisecond);
  EXPECT_EQ(network->pending(0), 1U);
  network->crash(0);
  start(0);
  EXPECT_EQ(network->pending(0), 0U);
}

TEST_F(NetworkTest, CountsMessagesHandedOverAndBytesSent) {
  build(2);
  ask(0, 1);
  guests[0]->send(contacts[1], 7);
  run_for(kSecond);
  EXPECT_EQ(network->log().messages(), 3U);  // request, reply, one-way; no handshake
  const auto size = [&](const dht::wire::Message& message) {
    return dht::wire::encoded_size(message, book);
  };
  EXPECT_EQ(network->bytes_sent(0), size(dht::wire::Ping{0}) + size(dht::wire::Cast{"7", {}}));
  EXPECT_EQ(network->bytes_sent(1), size(dht::wire::Pong{0, 0}));
}

TEST_F(NetworkTest, StopsAtTheLimitOfEvents) {
  options.max_events = 10;
  build(1);
  guests[0]->when_fired = [&](dht::Token token) { guests[0]->set_timer(kMillisecond, token + 1); };
  guests[0]->set_timer(kMillisecond, 0);
  EXPECT_FALSE(network->run_until(kTimeZero + kSecond));
  EXPECT_EQ(network->log().events(), 10U);
  EXPECT_EQ(network->now(), kTimeZero + 10 * kMillisecond);
}

TEST_F(NetworkTest, ActionsRunAtTheirTimesInTheOrderOfScheduling) {
  build(1);
  std::vector<std::pair<int, Time>> done;
  const auto at = [&](int name, Duration delay) {
    network->schedule(kTimeZero + delay, [&, name] { done.emplace_back(name, network->now()); });
  };
  at(3, 2 * kMillisecond);
  at(1, kMillisecond);
  at(2, kMillisecond);
  EXPECT_TRUE(network->run_until(kTimeZero + kSecond));
  const std::vector<std::pair<int, Time>> expected = {{1, kTimeZero + kMillisecond},
                                                      {2, kTimeZero + kMillisecond},
                                                      {3, kTimeZero + 2 * kMillisecond}};
  EXPECT_EQ(done, expected);
  EXPECT_EQ(network->now(), kTimeZero + kSecond);
}

}  // namespace
}  // namespace macula::sim
