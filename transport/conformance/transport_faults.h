// The promises of every host of transport/host.h when its peers fall silent, die, are cut off or
// stand still; see transport_conformance.h.
#pragma once

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <vector>

#include "transport/conformance/company.h"

namespace macula::conformance {

template <typename World>
class TransportFaults : public testing::Test {};

TYPED_TEST_SUITE_P(TransportFaults);

// ----- 4: timeouts -----

TYPED_TEST_P(TransportFaults, ASilentPeerIsATimeoutAtItsTime) {
  Company<TypeParam> company(4);
  company.guest(1).on_inbound = nullptr;  // hears and says nothing
  company.kill(2);
  company.world.cut(0, 3);
  for (const Duration timeout :
       {kMillisecond, 70 * kMillisecond, 5 * TypeParam::kSecond, 40 * TypeParam::kSecond}) {
    std::vector<transport::Token> tokens;
    for (const std::size_t peer : {1U, 2U, 3U}) tokens.push_back(company.ask(0, peer, timeout));
    tokens.push_back(company.guest(0).ask(company.world.nobody(), timeout));
    company.world.run_for(timeout + TypeParam::kSecond);
    for (const transport::Token token : tokens) company.expect_timed_out(0, token);
  }
}

TYPED_TEST_P(TransportFaults, ACutTheOtherWayIsATimeoutToo) {
  Company<TypeParam> company(2);
  company.world.cut(1, 0);
  const transport::Token token = company.ask(0, 1, 5 * TypeParam::kSecond);
  company.finish();
  company.expect_timed_out(0, token);
}

TYPED_TEST_P(TransportFaults, WhatIsSentBeforeTheHealArrivesAfterIt) {
  Company<TypeParam> company(2);
  company.world.cut(0, 1);
  company.world.cut(1, 0);
  const transport::Token token = company.ask(0, 1, 2 * kGenerous<TypeParam>);
  company.world.run_for(TypeParam::kSecond);
  company.world.heal();
  // An endpoint that has never answered is sent little for half a minute
  // (EngineConfig::initials_window).
  company.world.run_for(2 * kGenerous<TypeParam>);
  company.expect_answered(0, token);
  EXPECT_EQ(company.guest(1).requests.size(), 1U);
}

TYPED_TEST_P(TransportFaults, AnAnswerThatComesTooLateIsDropped) {
  Company<TypeParam> company(2);
  company.guest(1).on_inbound = nullptr;
  const transport::Token token = company.ask(0, 1, 12 * TypeParam::kSecond);
  company.world.run_for(12 * TypeParam::kSecond - TypeParam::kSecond / 1000);
  ASSERT_EQ(company.guest(1).requests.size(), 1U);
  company.world.run_for(2 * TypeParam::kSecond);
  company.expect_timed_out(0, token);
  const transport::Token other = company.ask(0, 1);  // may lie where the first one lay
  company.guest(1).reply(company.guest(1).requests[0]);
  company.world.run_for(5 * TypeParam::kSecond);
  company.expect_timed_out(0, token);
  EXPECT_EQ(company.asked(0, other).replies, 0);
}

// ----- death and pause -----

TYPED_TEST_P(TransportFaults, APeerThatDiesWhileServingIsATimeout) {
  Company<TypeParam> company(2);
  company.guest(1).on_inbound = nullptr;
  const transport::Token token = company.ask(0, 1, 15 * TypeParam::kSecond);
  company.run_until([&] { return company.guest(1).requests.size() == 1; });
  // The word that it was received is back before the peer dies.
  company.world.run_for(3 * TypeParam::kSecond);
  company.kill(1);
  company.start(1);
  const transport::Token next = company.ask(0, 1);  // finds out that the peer has restarted
  company.finish();
  company.expect_answered(0, next);
  company.expect_timed_out(0, token);
  ASSERT_EQ(company.guest(1).requests.size(), 1U);  // the new life knows nothing of the first
  EXPECT_EQ(company.guest(1).requests[0].timestamp, next);
}

TYPED_TEST_P(TransportFaults, ARestartedPeerIsReachedAgain) {
  Company<TypeParam> company(2);
  company.ask(0, 1);
  company.finish();
  company.kill(1);
  const transport::Token lost = company.ask(0, 1, TypeParam::kSecond);
  company.finish();
  company.expect_timed_out(0, lost);
  company.start(1);
  const transport::Token there = company.ask(0, 1);
  company.finish();
  company.expect_answered(0, there);
  const transport::Token back = company.ask(1, 0);
  company.finish();
  company.expect_answered(1, back);
}

// The other way round: who asks has not made the connection, and does so now.
TYPED_TEST_P(TransportFaults, ARestartedPeerThatHadComeByItselfIsReachedAgain) {
  Company<TypeParam> company(2);
  company.ask(0, 1);
  company.finish();
  const transport::Token over_it = company.ask(1, 0);
  company.finish();
  company.expect_answered(1, over_it);
  company.kill(0);
  company.start(0);
  company.ask(1, 0, 5 * TypeParam::kSecond);  // may be what finds out
  company.finish();
  const transport::Token there = company.ask(1, 0);
  company.finish();
  company.expect_answered(1, there);
}

// Each side asks the other in each life; none hears anything twice, and nobody is forgotten.
TYPED_TEST_P(TransportFaults, RestartsInTurnDoNotEndTheConversation) {
  Company<TypeParam> company(2);
  for (std::size_t life = 0; life < 6; ++life) {
    const transport::Token there = company.ask(0, 1);
    const transport::Token back = company.ask(1, 0);
    company.finish();
    company.expect_answered(0, there);
    company.expect_answered(1, back);
    company.kill(life % 2);
    company.start(life % 2);
  }
}

TYPED_TEST_P(TransportFaults, ADeadAskerHearsNothingNorDoesItsNextLife) {
  Company<TypeParam> company(2);
  // Death finds the messages everywhere on their way.
  for (int i = 0; i < 60; ++i) {
    company.ask(0, 1);
    company.ask(0, 1, TypeParam::kSecond / 10);
    company.guest(0).set_timer(TypeParam::kSecond * 7 / 10, 0);
    company.world.run_for(i * TypeParam::kSecond / 100);
    company.kill(0);
    company.start(0);
    company.world.run_for(2 * TypeParam::kSecond);
    EXPECT_TRUE(company.guest(0).timers.empty());
    EXPECT_TRUE(company.guest(0).asked.empty());
  }
}

TYPED_TEST_P(TransportFaults, APausedEndpointHearsEverythingWhenItResumes) {
  Company<TypeParam> company(2);
  company.world.pause(1);
  const transport::Token waits = company.ask(0, 1);
  const transport::Token times_out = company.ask(0, 1, 2 * TypeParam::kSecond);
  company.world.run_for(5 * TypeParam::kSecond);
  EXPECT_TRUE(company.guest(1).requests.empty());
  company.expect_timed_out(0, times_out);
  company.world.resume(1);
  company.finish();
  company.expect_answered(0, waits);
}

// ----- everything at once -----

// Random requests, cancels, deaths, cuts and pauses: each request ends exactly once, unless it was
// cancelled or its asker died. That it ends at most once is seen to by the guests.
TYPED_TEST_P(TransportFaults, EveryRequestHasOneOutcomeWhateverHappens) {
  int runs = 0;
  const bool holds = rc::check([&runs] {
    if (++runs > TypeParam::kRandomRuns) return;
    constexpr std::size_t kEndpoints = 4;
    Company<TypeParam> company(kEndpoints, *rc::gen::arbitrary<std::uint64_t>());
    std::vector<bool> up(kEndpoints, true);
    std::vector<bool> ever_paused(kEndpoints, false);
    const auto any_endpoint = [] { return *rc::gen::inRange<std::size_t>(0, kEndpoints); };
    const auto script = [&](std::size_t endpoint) {
      GuestOf<TypeParam>& guest = company.guest(endpoint);
      // At once, later, or never, by the number of the request.
      guest.on_inbound = [&guest](const Inbound& request) {
        if (request.timestamp % 4 == 3) return;
        if (request.timestamp % 4 != 2) return guest.reply(request);
        guest.set_timer(
            static_cast<std::int64_t>(request.timestamp % 100) * TypeParam::kSecond / 100,
            guest.requests.size() - 1);
      };
      guest.when_fired = [&guest](transport::Token token) { guest.reply(guest.requests[token]); };
    };
    // Called before a guest goes: all its requests must have ended, or been cancelled. `alive`: it
    // had time to see them end.
    const auto judge = [&](std::size_t endpoint, bool alive) {
      for (transport::Token token = 0; token < company.guest(endpoint).asked.size(); ++token) {
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
      GuestOf<TypeParam>& guest = company.guest(endpoint);
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
            const auto token = *rc::gen::inRange<transport::Token>(0, guest.asked.size());
            const auto& request = guest.asked[token];
            if (request.replies + request.failures == 0) guest.cancel(token);
          }
          break;
        case 6:
        case 7:
          company.world.run_for(*rc::gen::inRange(0, 400) * TypeParam::kSecond / 1000);
          break;
        default:
          if (up[endpoint])
            company.ask(endpoint, any_endpoint(),
                        *rc::gen::inRange(1, 3000) * TypeParam::kSecond / 1000);
      }
    }
    company.world.heal();
    for (std::size_t i = 0; i < kEndpoints; ++i) company.world.resume(i);
    company.world.run_for(5 * TypeParam::kSecond);
    for (std::size_t i = 0; i < kEndpoints; ++i) judge(i, up[i]);
    RC_ASSERT(!testing::Test::HasFailure());
  });
  EXPECT_TRUE(holds);
}

REGISTER_TYPED_TEST_SUITE_P(TransportFaults, ARestartedPeerThatHadComeByItselfIsReachedAgain,
                            ASilentPeerIsATimeoutAtItsTime, ACutTheOtherWayIsATimeoutToo,
                            WhatIsSentBeforeTheHealArrivesAfterIt,
                            AnAnswerThatComesTooLateIsDropped, APeerThatDiesWhileServingIsATimeout,
                            ARestartedPeerIsReachedAgain, RestartsInTurnDoNotEndTheConversation,
                            ADeadAskerHearsNothingNorDoesItsNextLife,
                            APausedEndpointHearsEverythingWhenItResumes,
                            EveryRequestHasOneOutcomeWhateverHappens);

}  // namespace macula::conformance
