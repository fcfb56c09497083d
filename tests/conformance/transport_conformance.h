// What every host of dht/transport.h promises, as tests.
//
//   INSTANTIATE_TYPED_TEST_SUITE_P(Virtual, TransportConformance, testing::Types<VirtualWorld>);
//
// A world is a few endpoints, joined by whatever network:
//
//   struct World {
//     static constexpr Duration kTolerance{0};   // how late a timer or timeout may be
//     World(std::size_t endpoints, std::uint64_t seed);
//     dht::Host& host(std::size_t endpoint);
//     dht::ContactRef contact(std::size_t endpoint);
//     dht::ContactRef nobody();                  // a contact at which no endpoint listens
//     void start(std::size_t endpoint, dht::Guest& guest);
//     void kill(std::size_t endpoint);           // it may be started again
//     void pause(std::size_t endpoint);          // as if its process were stopped
//     void resume(std::size_t endpoint);
//     void cut(std::size_t from, std::size_t to);  // one way
//     void heal();
//     void run_for(Duration duration);
//   };
//
// A message between two live endpoints that are not cut off arrives within 10 seconds, whatever the
// world loses and delays.
#pragma once

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "tests/conformance/scripted_guest.h"

namespace macula::conformance {

inline constexpr Duration kMillisecond = std::chrono::milliseconds(1);
inline constexpr Duration kSecond = std::chrono::seconds(1);
// Long enough for any message, through any loss.
inline constexpr Duration kGenerous = std::chrono::seconds(20);

// A world with a guest on each endpoint; the guests of former lives stay, to notice callbacks.
template <typename World>
class Company {
 public:
  explicit Company(std::size_t endpoints, std::uint64_t seed = 1)
      : world(endpoints, seed), guests_(endpoints) {
    for (std::size_t i = 0; i < endpoints; ++i) start(i);
  }

  void start(std::size_t endpoint) {
    auto guest = std::make_unique<ScriptedGuest>(world.host(endpoint));
    world.start(endpoint, *guest);
    guests_[endpoint].push_back(std::move(guest));
  }
  void kill(std::size_t endpoint) {
    world.kill(endpoint);
    guest(endpoint).die();
  }
  ScriptedGuest& guest(std::size_t endpoint) { return *guests_[endpoint].back(); }
  ScriptedGuest::Asked& asked(std::size_t endpoint, dht::Token token) {
    return guest(endpoint).asked[token];
  }
  dht::Token ask(std::size_t from, std::size_t to, Duration timeout = kGenerous) {
    return guest(from).ask(world.contact(to), timeout);
  }
  void expect_answered(std::size_t endpoint, dht::Token token) {
    EXPECT_EQ(asked(endpoint, token).replies, 1);
    EXPECT_EQ(asked(endpoint, token).failures, 0);
    EXPECT_EQ(asked(endpoint, token).answer, token);
  }
  void expect_timed_out(std::size_t endpoint, dht::Token token) {
    const auto& request = asked(endpoint, token);
    EXPECT_EQ(request.replies, 0);
    ASSERT_EQ(request.failures, 1);
    EXPECT_EQ(request.failure, dht::Failure::timeout);
    EXPECT_GE(request.settled, request.sent + request.timeout);
    EXPECT_LE(request.settled, request.sent + request.timeout + World::kTolerance);
  }

  World world;

 private:
  std::vector<std::vector<std::unique_ptr<ScriptedGuest>>> guests_;
};

template <typename World>
class TransportConformance : public testing::Test {};

TYPED_TEST_SUITE_P(TransportConformance);

// ----- 1: one outcome -----

TYPED_TEST_P(TransportConformance, ARequestIsAnswered) {
  Company<TypeParam> company(2);
  const dht::Token token = company.ask(0, 1);
  company.world.run_for(kGenerous);
  company.expect_answered(0, token);
  EXPECT_EQ(company.guest(1).requests.size(), 1U);
  company.world.run_for(3 * kGenerous);
  company.expect_answered(0, token);
}

TYPED_TEST_P(TransportConformance, BothEndsMayAskAtTheSameInstant) {
  Company<TypeParam> company(2);
  const dht::Token a = company.ask(0, 1);
  const dht::Token b = company.ask(1, 0);
  company.world.run_for(kGenerous);
  company.expect_answered(0, a);
  company.expect_answered(1, b);
}

TYPED_TEST_P(TransportConformance, AThousandRequestsAtOnceAreToldApart) {
  Company<TypeParam> company(3);
  for (int i = 0; i < 1000; ++i) company.ask(0, 1 + static_cast<std::size_t>(i % 2));
  company.world.run_for(kGenerous);
  for (dht::Token token = 0; token < 1000; ++token) company.expect_answered(0, token);
}

TYPED_TEST_P(TransportConformance, AnswersMayComeInAnyOrder) {
  Company<TypeParam> company(2);
  company.guest(1).on_inbound = nullptr;
  for (int i = 0; i < 20; ++i) company.ask(0, 1);
  company.world.run_for(10 * kSecond);
  auto waiting = company.guest(1).requests;
  ASSERT_EQ(waiting.size(), 20U);
  std::sort(waiting.begin(), waiting.end(),
            [](const auto& a, const auto& b) { return a.timestamp > b.timestamp; });
  for (const auto& request : waiting) company.guest(1).reply(request);
  company.world.run_for(10 * kSecond);
  for (dht::Token token = 0; token < 20; ++token) company.expect_answered(0, token);
}

// ----- 2: cancelling -----

TYPED_TEST_P(TransportConformance, NothingIsHeardOfACancelledRequest) {
  Company<TypeParam> company(2);
  // At once, on its way, while it is served, and when it would time out.
  company.guest(1).on_inbound = nullptr;
  for (const Duration wait : {Duration{0}, kMillisecond, 10 * kSecond, kGenerous - kMillisecond}) {
    const dht::Token token = company.ask(0, 1);
    company.world.run_for(wait);
    company.guest(0).cancel(token);
    for (const auto& request : company.guest(1).requests) company.guest(1).reply(request);
    company.guest(1).requests.clear();
    company.world.run_for(2 * kGenerous);
    EXPECT_EQ(company.asked(0, token).replies + company.asked(0, token).failures, 0);
    company.guest(1).requests.clear();
  }
}

TYPED_TEST_P(TransportConformance, CancellingWhatHasEndedHarmsNobody) {
  Company<TypeParam> company(2);
  const dht::Token ended = company.ask(0, 1);
  company.world.run_for(kGenerous);
  company.expect_answered(0, ended);
  const dht::Token next = company.ask(0, 1);
  company.guest(0).cancel(ended);
  company.world.run_for(kGenerous);
  company.expect_answered(0, next);
}

TYPED_TEST_P(TransportConformance, ACallbackMayCancelWhatIsDueAtTheSameInstant) {
  Company<TypeParam> company(2);
  ScriptedGuest& guest = company.guest(0);
  company.guest(1).on_inbound = nullptr;
  std::vector<dht::TimerId> timers;
  const dht::Token request = company.ask(0, 1, kSecond);
  for (dht::Token token = 0; token < 3; ++token) {
    timers.push_back(guest.set_timer(kSecond, token));
  }
  // Whichever comes first cancels the others.
  guest.after_each = [&] {
    if (guest.asked[request].failures == 0) guest.cancel(request);
    for (dht::Token token = 0; token < 3; ++token) {
      const bool fired = std::any_of(guest.timers.begin(), guest.timers.end(),
                                     [&](const auto& timer) { return timer.first == token; });
      if (!fired) guest.cancel_timer(timers[token]);
    }
  };
  company.world.run_for(kGenerous);
  EXPECT_EQ(guest.timers.size() + static_cast<std::size_t>(guest.asked[request].failures), 1U);
}

// ----- timers -----

TYPED_TEST_P(TransportConformance, TimersFireOnceAtTheirTimes) {
  Company<TypeParam> company(1);
  ScriptedGuest& guest = company.guest(0);
  const Time start = company.world.host(0).now();
  guest.set_timer(30 * kMillisecond, 3);
  guest.set_timer(10 * kMillisecond, 1);
  guest.set_timer(Duration{0}, 0);
  guest.set_timer(20 * kMillisecond, 2);
  EXPECT_TRUE(guest.timers.empty());
  company.world.run_for(kSecond);
  ASSERT_EQ(guest.timers.size(), 4U);
  for (dht::Token token = 0; token < 4; ++token) {
    const Time due = start + static_cast<std::int64_t>(token) * 10 * kMillisecond;
    EXPECT_EQ(guest.timers[token].first, token);
    EXPECT_GE(guest.timers[token].second, due);
    EXPECT_LE(guest.timers[token].second, due + TypeParam::kTolerance);
  }
}

TYPED_TEST_P(TransportConformance, ACancelledTimerDoesNotFire) {
  Company<TypeParam> company(1);
  ScriptedGuest& guest = company.guest(0);
  const dht::TimerId cancelled = guest.set_timer(10 * kMillisecond, 1);
  const dht::TimerId fires = guest.set_timer(10 * kMillisecond, 2);
  guest.cancel_timer(cancelled);
  company.world.run_for(kSecond);
  ASSERT_EQ(guest.timers.size(), 1U);
  EXPECT_EQ(guest.timers[0].first, 2U);
  // Nor does cancelling one that has fired take a later one along.
  guest.set_timer(10 * kMillisecond, 3);
  guest.cancel_timer(fires);
  guest.cancel_timer(cancelled);
  company.world.run_for(kSecond);
  ASSERT_EQ(guest.timers.size(), 2U);
  EXPECT_EQ(guest.timers[1].first, 3U);
}

// ----- 3: no re-entrancy -----

// A guest that asks, sends, sets and cancels from inside every callback; that no callback comes
// from inside one of those calls is seen to by the guest itself.
TYPED_TEST_P(TransportConformance, NoCallComesFromInsideACall) {
  Company<TypeParam> company(2);
  int left = 200;
  for (const std::size_t i : {0U, 1U}) {
    ScriptedGuest& guest = company.guest(i);
    guest.after_each = [&company, &guest, &left, i] {
      if (left-- <= 0) return;
      company.ask(i, 1 - i, kSecond);
      company.ask(i, i, kMillisecond);
      guest.cancel(company.ask(i, 1 - i));
      guest.send(company.world.contact(1 - i), 1);
      guest.set_timer(Duration{0}, 1);
      guest.cancel_timer(guest.set_timer(Duration{0}, 2));
    };
  }
  company.ask(0, 1);
  company.world.run_for(2 * kGenerous);
  EXPECT_LE(left, 0);
}

// ----- 4: timeouts -----

TYPED_TEST_P(TransportConformance, ASilentPeerIsATimeoutAtItsTime) {
  Company<TypeParam> company(4);
  company.guest(1).on_inbound = nullptr;  // hears and says nothing
  company.kill(2);
  company.world.cut(0, 3);
  for (const Duration timeout : {kMillisecond, 70 * kMillisecond, 5 * kSecond, 40 * kSecond}) {
    std::vector<dht::Token> tokens;
    for (const std::size_t peer : {1U, 2U, 3U}) tokens.push_back(company.ask(0, peer, timeout));
    tokens.push_back(company.guest(0).ask(company.world.nobody(), timeout));
    company.world.run_for(timeout + kSecond);
    for (const dht::Token token : tokens) company.expect_timed_out(0, token);
  }
}

TYPED_TEST_P(TransportConformance, ACutTheOtherWayIsATimeoutToo) {
  Company<TypeParam> company(2);
  company.world.cut(1, 0);
  const dht::Token token = company.ask(0, 1, 5 * kSecond);
  company.world.run_for(kGenerous);
  company.expect_timed_out(0, token);
}

TYPED_TEST_P(TransportConformance, WhatIsSentBeforeTheHealArrivesAfterIt) {
  Company<TypeParam> company(2);
  company.world.cut(0, 1);
  company.world.cut(1, 0);
  const dht::Token token = company.ask(0, 1, 2 * kGenerous);
  company.world.run_for(kSecond);
  company.world.heal();
  company.world.run_for(2 * kGenerous);
  company.expect_answered(0, token);
  EXPECT_EQ(company.guest(1).requests.size(), 1U);
}

TYPED_TEST_P(TransportConformance, AnAnswerThatComesTooLateIsDropped) {
  Company<TypeParam> company(2);
  company.guest(1).on_inbound = nullptr;
  const dht::Token token = company.ask(0, 1, 12 * kSecond);
  company.world.run_for(11 * kSecond + 999 * kMillisecond);
  ASSERT_EQ(company.guest(1).requests.size(), 1U);
  company.world.run_for(2 * kSecond);
  company.expect_timed_out(0, token);
  const dht::Token other = company.ask(0, 1);  // may lie where the first one lay
  company.guest(1).reply(company.guest(1).requests[0]);
  company.world.run_for(5 * kSecond);
  company.expect_timed_out(0, token);
  EXPECT_EQ(company.asked(0, other).replies, 0);
}

// ----- 5: senders; one-way messages -----

TYPED_TEST_P(TransportConformance, TheHostNamesTheSender) {
  Company<TypeParam> company(3);
  company.ask(0, 2);
  company.guest(1).send(company.world.contact(2), 7);
  company.world.run_for(kGenerous);
  ASSERT_EQ(company.guest(2).requests.size(), 1U);
  EXPECT_EQ(company.guest(2).requests[0].from, company.world.contact(0));
  ASSERT_EQ(company.guest(2).messages.size(), 1U);
  EXPECT_EQ(company.guest(2).messages[0].first, company.world.contact(1));
  EXPECT_EQ(company.guest(2).messages[0].second, 7U);
}

TYPED_TEST_P(TransportConformance, AOneWayMessageArrivesOnce) {
  Company<TypeParam> company(2);
  for (std::uint64_t i = 0; i < 200; ++i) company.guest(0).send(company.world.contact(1), i);
  company.world.run_for(3 * kGenerous);
  std::set<std::uint64_t> numbers;
  for (const auto& [from, number] : company.guest(1).messages) numbers.insert(number);
  EXPECT_EQ(company.guest(1).messages.size(), 200U);
  EXPECT_EQ(numbers.size(), 200U);
  EXPECT_TRUE(company.guest(0).asked.empty());
}

// ----- 6: answering later; death -----

TYPED_TEST_P(TransportConformance, ARequestMayBeAnsweredLater) {
  Company<TypeParam> company(2);
  ScriptedGuest& server = company.guest(1);
  server.on_inbound = [&](const auto&) { server.set_timer(5 * kSecond, 0); };
  server.when_fired = [&](dht::Token) { server.reply(server.requests[0]); };
  const dht::Token token = company.ask(0, 1);
  company.world.run_for(5 * kSecond);
  EXPECT_EQ(company.asked(0, token).replies, 0);
  company.world.run_for(kGenerous);
  company.expect_answered(0, token);
}

TYPED_TEST_P(TransportConformance, APeerThatDiesWhileServingIsATimeout) {
  Company<TypeParam> company(2);
  company.guest(1).on_inbound = nullptr;
  const dht::Token token = company.ask(0, 1, 15 * kSecond);
  company.world.run_for(10 * kSecond);
  ASSERT_EQ(company.guest(1).requests.size(), 1U);
  company.kill(1);
  company.start(1);
  company.world.run_for(kGenerous);
  company.expect_timed_out(0, token);
  EXPECT_TRUE(company.guest(1).requests.empty());  // the new life knows nothing of it
}

TYPED_TEST_P(TransportConformance, ARestartedPeerIsReachedAgain) {
  Company<TypeParam> company(2);
  company.ask(0, 1);
  company.world.run_for(kGenerous);
  company.kill(1);
  const dht::Token lost = company.ask(0, 1, kSecond);
  company.world.run_for(2 * kSecond);
  company.expect_timed_out(0, lost);
  company.start(1);
  const dht::Token there = company.ask(0, 1);
  company.world.run_for(kGenerous);
  company.expect_answered(0, there);
  const dht::Token back = company.ask(1, 0);
  company.world.run_for(kGenerous);
  company.expect_answered(1, back);
}

TYPED_TEST_P(TransportConformance, ADeadAskerHearsNothingNorDoesItsNextLife) {
  Company<TypeParam> company(2);
  company.ask(0, 1);
  company.ask(0, 1, 100 * kMillisecond);
  company.guest(0).set_timer(50 * kMillisecond, 0);
  company.world.run_for(kMillisecond);
  company.kill(0);
  company.start(0);
  company.world.run_for(2 * kGenerous);
  EXPECT_TRUE(company.guest(0).timers.empty());
  EXPECT_TRUE(company.guest(0).asked.empty());
}

TYPED_TEST_P(TransportConformance, APausedEndpointHearsEverythingWhenItResumes) {
  Company<TypeParam> company(2);
  company.world.pause(1);
  const dht::Token waits = company.ask(0, 1);
  const dht::Token times_out = company.ask(0, 1, 2 * kSecond);
  company.world.run_for(5 * kSecond);
  EXPECT_TRUE(company.guest(1).requests.empty());
  company.expect_timed_out(0, times_out);
  company.world.resume(1);
  company.world.run_for(kGenerous);
  company.expect_answered(0, waits);
}

// ----- everything at once -----

// Random requests, cancels, deaths, cuts and pauses: each request ends exactly once, unless it was
// cancelled or its asker died. That it ends at most once is seen to by the guests.
TYPED_TEST_P(TransportConformance, EveryRequestHasOneOutcomeWhateverHappens) {
  const bool holds = rc::check([] {
    constexpr std::size_t kEndpoints = 4;
    Company<TypeParam> company(kEndpoints, *rc::gen::arbitrary<std::uint64_t>());
    std::vector<bool> up(kEndpoints, true);
    std::vector<bool> ever_paused(kEndpoints, false);
    const auto any_endpoint = [] { return *rc::gen::inRange<std::size_t>(0, kEndpoints); };
    const auto script = [&](std::size_t endpoint) {
      ScriptedGuest& guest = company.guest(endpoint);
      // At once, later, or never, by the number of the request.
      guest.on_inbound = [&guest](const ScriptedGuest::Inbound& request) {
        if (request.timestamp % 4 == 3) return;
        if (request.timestamp % 4 != 2) return guest.reply(request);
        guest.set_timer(static_cast<std::int64_t>(request.timestamp % 100) * 10 * kMillisecond,
                        guest.requests.size() - 1);
      };
      guest.when_fired = [&guest](dht::Token token) { guest.reply(guest.requests[token]); };
    };
    // Called before a guest goes: all its requests must have ended, or been cancelled. `alive`: it
    // had time to see them end.
    const auto judge = [&](std::size_t endpoint, bool alive) {
      for (dht::Token token = 0; token < company.guest(endpoint).asked.size(); ++token) {
        const auto& request = company.asked(endpoint, token);
        const int outcomes = request.replies + request.failures;
        RC_ASSERT(outcomes <= 1);
        if (request.cancelled || !alive) continue;
        RC_ASSERT(outcomes == 1);
        if (request.replies == 1) RC_ASSERT(request.answer == token);
        if (ever_paused[endpoint]) continue;
        const Time due = request.sent + request.timeout;
        RC_ASSERT(request.settled <= due + TypeParam::kTolerance);
        if (request.failures == 1) RC_ASSERT(request.settled >= due);
      }
    };

    for (std::size_t i = 0; i < kEndpoints; ++i) script(i);
    const int steps = *rc::gen::inRange(0, 80);
    for (int step = 0; step < steps; ++step) {
      const std::size_t endpoint = any_endpoint();
      ScriptedGuest& guest = company.guest(endpoint);
      switch (*rc::gen::inRange(0, 12)) {
        case 0:
          if (up[endpoint]) {
            judge(endpoint, false);
            company.kill(endpoint);
          } else {
            company.start(endpoint);
            script(endpoint);
            ever_paused[endpoint] = false;
          }
          up[endpoint] = !up[endpoint];
          break;
        case 1:
          company.world.cut(endpoint, any_endpoint());
          break;
        case 2:
          company.world.heal();
          break;
        case 3:
          if (!up[endpoint]) break;
          company.world.pause(endpoint);
          ever_paused[endpoint] = true;
          break;
        case 4:
          company.world.resume(endpoint);
          break;
        case 5:
          if (up[endpoint] && !guest.asked.empty()) {
            const auto token = *rc::gen::inRange<dht::Token>(0, guest.asked.size());
            const auto& request = guest.asked[token];
            if (request.replies + request.failures == 0) guest.cancel(token);
          }
          break;
        case 6:
        case 7:
          company.world.run_for(*rc::gen::inRange(0, 400) * kMillisecond);
          break;
        default:
          if (up[endpoint])
            company.ask(endpoint, any_endpoint(), *rc::gen::inRange(1, 3000) * kMillisecond);
      }
    }
    company.world.heal();
    for (std::size_t i = 0; i < kEndpoints; ++i) company.world.resume(i);
    company.world.run_for(2 * kGenerous);
    for (std::size_t i = 0; i < kEndpoints; ++i) judge(i, up[i]);
    RC_ASSERT(!testing::Test::HasFailure());
  });
  EXPECT_TRUE(holds);
}

REGISTER_TYPED_TEST_SUITE_P(
    TransportConformance, ARequestIsAnswered, BothEndsMayAskAtTheSameInstant,
    AThousandRequestsAtOnceAreToldApart, AnswersMayComeInAnyOrder,
    NothingIsHeardOfACancelledRequest, CancellingWhatHasEndedHarmsNobody,
    ACallbackMayCancelWhatIsDueAtTheSameInstant, TimersFireOnceAtTheirTimes,
    ACancelledTimerDoesNotFire, NoCallComesFromInsideACall, ASilentPeerIsATimeoutAtItsTime,
    ACutTheOtherWayIsATimeoutToo, WhatIsSentBeforeTheHealArrivesAfterIt,
    AnAnswerThatComesTooLateIsDropped, TheHostNamesTheSender, AOneWayMessageArrivesOnce,
    ARequestMayBeAnsweredLater, APeerThatDiesWhileServingIsATimeout, ARestartedPeerIsReachedAgain,
    ADeadAskerHearsNothingNorDoesItsNextLife, APausedEndpointHearsEverythingWhenItResumes,
    EveryRequestHasOneOutcomeWhateverHappens);

}  // namespace macula::conformance
