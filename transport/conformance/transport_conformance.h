// The promises of every host of transport/host.h, as tests.
//
//     INSTANTIATE_TYPED_TEST_SUITE_P(Virtual, TransportConformance, testing::Types<VirtualWorld>);
//     INSTANTIATE_TYPED_TEST_SUITE_P(Virtual, TransportFaults, testing::Types<VirtualWorld>);
//
// It needs GoogleTest, and transport_faults.h RapidCheck besides. Here: while all is well.
// transport_faults.h: silence, death, cuts and pauses. transport_limits.h: size and load. For a
// world, see company.h. Messages between two nodes may overtake each other.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "transport/conformance/company.h"

namespace macula::conformance {

template <typename World>
class TransportConformance : public testing::Test {};

TYPED_TEST_SUITE_P(TransportConformance);

// ----- 1: one outcome -----

TYPED_TEST_P(TransportConformance, ARequestIsAnswered) {
  Company<TypeParam> company(2);
  const transport::Token token = company.ask(0, 1);
  company.finish();
  company.expect_answered(0, token);
  EXPECT_EQ(company.guest(1).requests.size(), 1U);
  company.world.run_for(kGenerous<TypeParam> + TypeParam::kSecond);
  company.expect_answered(0, token);
}

TYPED_TEST_P(TransportConformance, BothEndsMayAskAtTheSameInstant) {
  Company<TypeParam> company(2);
  const transport::Token a = company.ask(0, 1);
  const transport::Token b = company.ask(1, 0);
  company.finish();
  company.expect_answered(0, a);
  company.expect_answered(1, b);
}

TYPED_TEST_P(TransportConformance, AThousandRequestsAtOnceAreToldApart) {
  Company<TypeParam> company(3);
  for (int i = 0; i < 1000; ++i) company.ask(0, 1 + static_cast<std::size_t>(i % 2));
  company.finish();
  for (transport::Token token = 0; token < 1000; ++token) company.expect_answered(0, token);
}

TYPED_TEST_P(TransportConformance, AnswersMayComeInAnyOrder) {
  Company<TypeParam> company(2);
  company.guest(1).on_inbound = nullptr;
  for (int i = 0; i < 20; ++i) company.ask(0, 1);
  company.run_until([&] { return company.guest(1).requests.size() == 20; });
  auto waiting = company.guest(1).requests;
  ASSERT_EQ(waiting.size(), 20U);
  std::sort(waiting.begin(), waiting.end(),
            [](const auto& a, const auto& b) { return a.timestamp > b.timestamp; });
  for (const auto& request : waiting) company.guest(1).reply(request);
  company.finish();
  for (transport::Token token = 0; token < 20; ++token) company.expect_answered(0, token);
}

// ----- 2: cancelling -----

TYPED_TEST_P(TransportConformance, NothingIsHeardOfACancelledRequest) {
  Company<TypeParam> company(2);
  // At once, on its way, while it is served, and when it would time out.
  company.guest(1).on_inbound = nullptr;
  for (const Duration wait : {Duration{0}, kMillisecond, 10 * TypeParam::kSecond,
                              kGenerous<TypeParam> - kMillisecond - 2 * TypeParam::kTolerance}) {
    const transport::Token token = company.ask(0, 1);
    company.world.run_for(wait);
    company.guest(0).cancel(token);
    for (const auto& request : company.guest(1).requests) company.guest(1).reply(request);
    company.guest(1).requests.clear();
    company.world.run_for(kGenerous<TypeParam> + TypeParam::kSecond);
    EXPECT_EQ(company.asked(0, token).replies + company.asked(0, token).failures, 0);
    company.guest(1).requests.clear();
  }
}

TYPED_TEST_P(TransportConformance, CancellingWhatHasEndedHarmsNobody) {
  Company<TypeParam> company(2);
  const transport::Token ended = company.ask(0, 1);
  company.finish();
  company.expect_answered(0, ended);
  const transport::Token next = company.ask(0, 1);
  company.guest(0).cancel(ended);
  company.finish();
  company.expect_answered(0, next);
}

TYPED_TEST_P(TransportConformance, ACallbackMayCancelWhatIsDueAtTheSameInstant) {
  Company<TypeParam> company(2);
  GuestOf<TypeParam>& guest = company.guest(0);
  company.guest(1).on_inbound = nullptr;
  std::vector<transport::TimerId> timers;
  const transport::Token request = company.ask(0, 1, TypeParam::kSecond);
  for (transport::Token token = 0; token < 3; ++token) {
    timers.push_back(guest.set_timer(TypeParam::kSecond, token));
  }
  // Whichever comes first cancels the others.
  guest.after_each = [&] {
    if (guest.asked[request].failures == 0) guest.cancel(request);
    for (transport::Token token = 0; token < 3; ++token) {
      const bool fired = std::any_of(guest.timers.begin(), guest.timers.end(),
                                     [&](const auto& timer) { return timer.first == token; });
      if (!fired) guest.cancel_timer(timers[token]);
    }
  };
  company.world.run_for(3 * TypeParam::kSecond);
  EXPECT_EQ(guest.timers.size() + static_cast<std::size_t>(guest.asked[request].failures), 1U);
}

// ----- timers -----

TYPED_TEST_P(TransportConformance, TimersFireOnceAtTheirTimes) {
  Company<TypeParam> company(1);
  GuestOf<TypeParam>& guest = company.guest(0);
  const Time start = company.world.host(0).now();
  guest.set_timer(30 * kMillisecond, 3);
  guest.set_timer(10 * kMillisecond, 1);
  guest.set_timer(Duration{0}, 0);
  guest.set_timer(20 * kMillisecond, 2);
  EXPECT_TRUE(guest.timers.empty());
  company.world.run_for(TypeParam::kSecond);
  ASSERT_EQ(guest.timers.size(), 4U);
  for (transport::Token token = 0; token < 4; ++token) {
    const Time due = start + static_cast<std::int64_t>(token) * 10 * kMillisecond;
    EXPECT_EQ(guest.timers[token].first, token);
    EXPECT_GE(guest.timers[token].second, due);
    EXPECT_LE(guest.timers[token].second, due + TypeParam::kTolerance);
  }
}

TYPED_TEST_P(TransportConformance, ACancelledTimerDoesNotFire) {
  Company<TypeParam> company(1);
  GuestOf<TypeParam>& guest = company.guest(0);
  const transport::TimerId cancelled = guest.set_timer(10 * kMillisecond, 1);
  const transport::TimerId fires = guest.set_timer(10 * kMillisecond, 2);
  guest.cancel_timer(cancelled);
  company.world.run_for(TypeParam::kSecond);
  ASSERT_EQ(guest.timers.size(), 1U);
  EXPECT_EQ(guest.timers[0].first, 2U);
  // Nor does cancelling one that has fired take a later one along.
  guest.set_timer(10 * kMillisecond, 3);
  guest.cancel_timer(fires);
  guest.cancel_timer(cancelled);
  company.world.run_for(TypeParam::kSecond);
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
    GuestOf<TypeParam>& guest = company.guest(i);
    guest.after_each = [&company, &guest, &left, i] {
      if (left-- <= 0) return;
      company.ask(i, 1 - i, TypeParam::kSecond);
      company.ask(i, i, kMillisecond);
      guest.cancel(company.ask(i, 1 - i));
      guest.send(company.world.contact(1 - i), 1);
      guest.set_timer(Duration{0}, 1);
      guest.cancel_timer(guest.set_timer(Duration{0}, 2));
    };
  }
  company.ask(0, 1);
  company.run_until([&] { return left <= 0; });
  company.world.run_for(2 * TypeParam::kSecond);
  EXPECT_LE(left, 0);
}

// ----- 5: senders; one-way messages -----

TYPED_TEST_P(TransportConformance, TheHostNamesTheSender) {
  Company<TypeParam> company(3);
  company.ask(0, 2);
  company.guest(1).send(company.world.contact(2), 7);
  company.run_until(
      [&] { return !company.guest(2).requests.empty() && !company.guest(2).messages.empty(); });
  ASSERT_EQ(company.guest(2).requests.size(), 1U);
  EXPECT_EQ(company.guest(2).requests[0].from, company.world.contact(0));
  ASSERT_EQ(company.guest(2).messages.size(), 1U);
  EXPECT_EQ(company.guest(2).messages[0].first, company.world.contact(1));
  EXPECT_EQ(company.guest(2).messages[0].second, 7U);
}

TYPED_TEST_P(TransportConformance, AOneWayMessageArrivesOnce) {
  Company<TypeParam> company(2);
  for (std::uint64_t i = 0; i < 200; ++i) company.guest(0).send(company.world.contact(1), i);
  company.run_until([&] { return company.guest(1).messages.size() >= 200; });
  company.world.run_for(TypeParam::kSecond);
  std::set<std::uint64_t> numbers;
  for (const auto& [from, number] : company.guest(1).messages) numbers.insert(number);
  EXPECT_EQ(company.guest(1).messages.size(), 200U);
  EXPECT_EQ(numbers.size(), 200U);
  EXPECT_TRUE(company.guest(0).asked.empty());
}

// ----- 6: answering later -----

TYPED_TEST_P(TransportConformance, ARequestMayBeAnsweredLater) {
  Company<TypeParam> company(2);
  GuestOf<TypeParam>& server = company.guest(1);
  server.on_inbound = [&](const auto&) { server.set_timer(5 * TypeParam::kSecond, 0); };
  server.when_fired = [&](transport::Token) { server.reply(server.requests[0]); };
  const transport::Token token = company.ask(0, 1);
  company.world.run_for(5 * TypeParam::kSecond);
  EXPECT_EQ(company.asked(0, token).replies, 0);
  company.finish();
  company.expect_answered(0, token);
}

// ----- 7: meetings -----

TYPED_TEST_P(TransportConformance, WhoeverListensAtAnEndpointIsMet) {
  Company<TypeParam> company(2);
  auto& guest = company.guest(0);
  const auto wanted = company.world.contact(1);
  const transport::Token token = guest.meet(company.world.endpoint(wanted), kGenerous<TypeParam>);
  company.run_until([&] { return !guest.meetings[token].empty(); });
  ASSERT_EQ(guest.meetings[token].size(), 1U);
  EXPECT_EQ(guest.meetings[token].front().first, wanted);
  EXPECT_TRUE(guest.reached(wanted));
  // And may be asked from then on.
  const transport::Token question = company.ask(0, 1);
  company.finish();
  company.expect_answered(0, question);
  company.world.run_for(kGenerous<TypeParam> + TypeParam::kSecond);
  EXPECT_EQ(guest.meetings[token].size(), 1U);
}

TYPED_TEST_P(TransportConformance, AMeetingWithNobodyEndsWithItsPatience) {
  Company<TypeParam> company(2);
  auto& guest = company.guest(0);
  const auto nobody = company.world.nobody();
  const auto patience = 5 * TypeParam::kSecond;
  const transport::Token token = guest.meet(company.world.endpoint(nobody), patience);
  company.world.run_for(patience - TypeParam::kSecond);
  EXPECT_TRUE(guest.meetings[token].empty());
  company.world.run_for(2 * TypeParam::kSecond);
  ASSERT_EQ(guest.meetings[token].size(), 1U);
  EXPECT_EQ(guest.meetings[token].front().first, transport::kNoPeer);
  EXPECT_FALSE(guest.reached(nobody));
}

REGISTER_TYPED_TEST_SUITE_P(TransportConformance, WhoeverListensAtAnEndpointIsMet,
                            AMeetingWithNobodyEndsWithItsPatience, ARequestIsAnswered,
                            BothEndsMayAskAtTheSameInstant, AThousandRequestsAtOnceAreToldApart,
                            AnswersMayComeInAnyOrder, NothingIsHeardOfACancelledRequest,
                            CancellingWhatHasEndedHarmsNobody,
                            ACallbackMayCancelWhatIsDueAtTheSameInstant, TimersFireOnceAtTheirTimes,
                            ACancelledTimerDoesNotFire, NoCallComesFromInsideACall,
                            TheHostNamesTheSender, AOneWayMessageArrivesOnce,
                            ARequestMayBeAnsweredLater);

}  // namespace macula::conformance
