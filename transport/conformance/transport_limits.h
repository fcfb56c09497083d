// The promises of every host of transport/host.h for large messages, for many, for slow readers,
// and when it closes; see transport_conformance.h.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "transport/conformance/company.h"

namespace macula::conformance {

template <typename World>
class TransportLimits : public testing::Test {};

TYPED_TEST_SUITE_P(TransportLimits);

// Bytes of a text that fits into a message, close to the limit; and of one that does not.
template <typename World>
inline constexpr std::size_t kLarge = World::Words::kLarge;
template <typename World>
inline constexpr std::size_t kTooLarge = World::Words::kTooLarge;

// ----- size -----

// The asker has said all it will ever say on the stream when the answer begins.
TYPED_TEST_P(TransportLimits, ALargeAnswerComesLongAfterALargeRequestHasEnded) {
  Company<TypeParam> company(2);
  GuestOf<TypeParam>& server = company.guest(1);
  server.on_inbound = [&](const auto&) { server.set_timer(2 * TypeParam::kSecond, 0); };
  server.when_fired = [&](transport::Token) {
    server.reply_large(server.requests[0], kLarge<TypeParam>);
  };
  const transport::Token token =
      company.guest(0).ask_large(company.world.contact(1), kLarge<TypeParam>, kGenerous<TypeParam>);
  company.finish();
  company.expect_answered(0, token);
  ASSERT_EQ(server.requests.size(), 1U);
  EXPECT_EQ(server.requests[0].bytes, kLarge<TypeParam>);
  EXPECT_EQ(company.asked(0, token).bytes, kLarge<TypeParam>);
}

TYPED_TEST_P(TransportLimits, ARequestThatIsTooLargeIsRefused) {
  Company<TypeParam> company(2);
  for (const bool warm : {false, true}) {
    const transport::Token refused = company.guest(0).ask_large(
        company.world.contact(1), kTooLarge<TypeParam>, kGenerous<TypeParam>);
    EXPECT_EQ(company.asked(0, refused).failures, 0);  // not from inside the call
    const transport::Token next = company.ask(0, 1);
    company.finish();
    EXPECT_EQ(company.asked(0, refused).failures, 1) << warm;
    EXPECT_EQ(company.asked(0, refused).failure, transport::Failure::refused);
    company.expect_answered(0, next);
  }
  EXPECT_EQ(company.guest(1).requests.size(), 2U);
}

TYPED_TEST_P(TransportLimits, ARefusedRequestMayBeCancelled) {
  Company<TypeParam> company(2);
  const transport::Token refused = company.guest(0).ask_large(
      company.world.contact(1), kTooLarge<TypeParam>, kGenerous<TypeParam>);
  company.guest(0).cancel(refused);
  company.world.run_for(TypeParam::kSecond);
  EXPECT_EQ(company.asked(0, refused).failures, 0);
}

TYPED_TEST_P(TransportLimits, ARequestThatTheGuestRefusesFailsAsRefused) {
  Company<TypeParam> company(2);
  GuestOf<TypeParam>& server = company.guest(1);
  const auto answers = server.on_inbound;
  for (const bool later : {false, true}) {
    server.on_inbound = [&](const Inbound& request) {
      later ? static_cast<void>(server.set_timer(TypeParam::kSecond, 0)) : server.refuse(request);
    };
    server.when_fired = [&](transport::Token) { server.refuse(server.requests.back()); };
    const transport::Token token = company.ask(0, 1, kGenerous<TypeParam>);
    company.finish();
    EXPECT_EQ(company.asked(0, token).replies, 0);
    EXPECT_EQ(company.asked(0, token).failures, 1);
    EXPECT_EQ(company.asked(0, token).failure, transport::Failure::refused);
    const Asked& asked = company.asked(0, token);
    EXPECT_LT(asked.settled - asked.sent, kGenerous<TypeParam> / 2);
    server.on_inbound = answers;
    const transport::Token next = company.ask(0, 1);
    company.finish();
    company.expect_answered(0, next);
  }
}

TYPED_TEST_P(TransportLimits, AnAnswerThatIsTooLargeIsAFailure) {
  Company<TypeParam> company(2);
  company.guest(1).on_inbound = [&](const Inbound& request) {
    company.guest(1).reply_large(request, kTooLarge<TypeParam>);
  };
  const transport::Token token = company.ask(0, 1, 5 * TypeParam::kSecond);
  company.finish();
  EXPECT_EQ(company.asked(0, token).replies, 0);
  EXPECT_EQ(company.asked(0, token).failures, 1);
  company.guest(1).on_inbound = [&](const Inbound& request) { company.guest(1).reply(request); };
  const transport::Token next = company.ask(0, 1);
  company.finish();
  company.expect_answered(0, next);
}

// ----- many, and slow readers -----

// More than may be open at once on a connection.
TYPED_TEST_P(TransportLimits, TwoThousandRequestsWaitForASlowServer) {
  constexpr std::size_t kRequests = 2000;
  Company<TypeParam> company(2);
  GuestOf<TypeParam>& server = company.guest(1);
  std::size_t answered = 0;
  server.on_inbound = nullptr;
  server.when_fired = [&](transport::Token) {
    while (answered < server.requests.size()) server.reply(server.requests[answered++]);
    if (answered < kRequests) server.set_timer(TypeParam::kSecond / 4, 0);
  };
  for (std::size_t i = 0; i < kRequests; ++i) company.ask(0, 1);
  server.set_timer(TypeParam::kSecond, 0);
  company.finish();
  for (transport::Token token = 0; token < kRequests; ++token) company.expect_answered(0, token);
  EXPECT_EQ(server.requests.size(), kRequests);
}

// A message that does not fit is refused, and the rest arrives when the reader reads again.
TYPED_TEST_P(TransportLimits, AReaderThatStandsStillHoldsUpNoMoreThanFits) {
  constexpr std::size_t kRequests = 150;
  constexpr std::size_t kBytes = 100'000;
  Company<TypeParam> company(2);
  company.ask(0, 1);
  company.finish();
  company.world.pause(1);
  std::vector<transport::Token> tokens;
  for (std::size_t i = 0; i < kRequests; ++i) {
    tokens.push_back(
        company.guest(0).ask_large(company.world.contact(1), kBytes, 5 * kGenerous<TypeParam>));
  }
  company.world.run_for(3 * TypeParam::kSecond);
  company.world.resume(1);
  company.finish(5);
  std::size_t answered = 0;
  for (const transport::Token token : tokens) {
    const auto& request = company.asked(0, token);
    ASSERT_EQ(request.replies + request.failures, 1);
    if (request.replies == 1) {
      company.expect_answered(0, token);
      ++answered;
    } else {
      EXPECT_EQ(request.failure, transport::Failure::refused);
    }
  }
  EXPECT_GE(answered, 10U);
  const transport::Token next = company.ask(0, 1);
  company.finish();
  company.expect_answered(0, next);
}

// ----- closing -----

TYPED_TEST_P(TransportLimits, WhatWasAcceptedBeforeTheCloseIsDelivered) {
  Company<TypeParam> company(2);
  company.ask(0, 1);
  company.ask(1, 0);
  company.finish();
  GuestOf<TypeParam>& server = company.guest(1);
  server.on_inbound = nullptr;
  std::vector<transport::Token> tokens;
  for (int i = 0; i < 3; ++i) {
    tokens.push_back(company.guest(0).ask_large(company.world.contact(1), kLarge<TypeParam> / 3,
                                                5 * kGenerous<TypeParam>));
  }
  company.run_until([&] { return server.requests.size() == 4; }, 5);
  ASSERT_EQ(server.requests.size(), 4U);
  for (std::size_t i = 1; i < 4; ++i) server.reply_large(server.requests[i], kLarge<TypeParam>);
  for (std::uint64_t i = 0; i < 20; ++i) server.send(company.world.contact(0), i);
  company.close(1);
  company.finish(5);
  company.run_until([&] { return company.guest(0).messages.size() == 20; });
  for (const transport::Token token : tokens) {
    company.expect_answered(0, token);
    EXPECT_EQ(company.asked(0, token).bytes, kLarge<TypeParam>);
  }
  EXPECT_EQ(company.guest(0).messages.size(), 20U);
}

// Each request of the other end has one outcome, whatever is under way, and the closing one gives
// its own up.
TYPED_TEST_P(TransportLimits, ACloseDuringTransfersLeavesNoRequestWithoutAnOutcome) {
  for (int i = 0; i < 8; ++i) {
    Company<TypeParam> company(2);
    std::vector<transport::Token> tokens;
    for (int j = 0; j < 4; ++j) {
      tokens.push_back(company.guest(0).ask_large(company.world.contact(1), kLarge<TypeParam>,
                                                  4 * TypeParam::kSecond));
    }
    const transport::Token own = company.ask(1, 0, 4 * TypeParam::kSecond);
    company.world.run_for(i * TypeParam::kSecond / 20);
    company.close(1);
    company.world.run_for(5 * TypeParam::kSecond);
    for (const transport::Token token : tokens) {
      const auto& request = company.asked(0, token);
      EXPECT_EQ(request.replies + request.failures, 1);
    }
    EXPECT_LE(company.asked(1, own).replies + company.asked(1, own).failures, 1);
    if (company.asked(1, own).failures == 1) {
      EXPECT_EQ(company.asked(1, own).failure, transport::Failure::cancelled);
    }
  }
}

REGISTER_TYPED_TEST_SUITE_P(TransportLimits, ALargeAnswerComesLongAfterALargeRequestHasEnded,
                            ARequestThatIsTooLargeIsRefused, ARefusedRequestMayBeCancelled,
                            ARequestThatTheGuestRefusesFailsAsRefused,
                            AnAnswerThatIsTooLargeIsAFailure, TwoThousandRequestsWaitForASlowServer,
                            AReaderThatStandsStillHoldsUpNoMoreThanFits,
                            WhatWasAcceptedBeforeTheCloseIsDelivered,
                            ACloseDuringTransfersLeavesNoRequestWithoutAnOutcome);

}  // namespace macula::conformance
