#include "dht/node/calls.h"

#include <algorithm>
#include <string>

#include "tests/dht/node/calls_fixture.h"

namespace macula::dht {
namespace {

TEST_F(CallsTest, OfAKnownProvider) {
  Node& node = start_knowing({1});
  Call call;
  node.call(request(), call.done());
  ASSERT_EQ(host.requests.size(), 1U);
  EXPECT_EQ(host.requests[0].to, contact(1));
  EXPECT_EQ(host.requests[0].timeout, 5 * kSecond);
  EXPECT_EQ(sent_as<wire::Call>(0).procedure, "calc.add");
  EXPECT_EQ(sent_as<wire::Call>(0).timeout_ms, 5000U);
  host.advance(kSecond);
  answer_call(0, "5");
  EXPECT_EQ(call.times, 1);
  EXPECT_EQ(std::get<wire::Bytes>(call.result.outcome), "5");
  EXPECT_EQ(call.result.elapsed, kSecond);
  expect_idle();
}

TEST_F(CallsTest, DiscoversItsProvider) {
  Node& node = start();
  node.add_contact(contact(7));
  Call call;
  node.call(request(), call.done());
  EXPECT_EQ(sent_as<wire::FindValue>(0).key, service_key("calc.add"));
  host.advance(kSecond);
  host.answer(0, wire::FindValueReply{std::vector<wire::Record>{{provider_record(3)}}});
  EXPECT_EQ(host.requests[1].to, contact(3));
  EXPECT_EQ(host.requests[1].timeout, 4 * kSecond);  // the time that discovery left
  answer_call(1, "5");
  EXPECT_EQ(call.times, 1);
  expect_idle();
}

TEST_F(CallsTest, AsksOthersForProvidersThoughItHoldsTheRecordOfOne) {
  protocol.sign_providers = false;
  Node& node = start();
  ASSERT_TRUE(node.store_local(service_key("calc.add"), provider_record(3)));
  node.add_contact(contact(7));
  Call call;
  node.call(request(), call.done());
  EXPECT_EQ(sent_as<wire::FindValue>(0).key, service_key("calc.add"));
  host.answer(0, wire::FindValueReply{std::vector<wire::Record>{{provider_record(4)}}});
  refuse_call(1, "busy");
  answer_call(2, "5");
  auto asked = called();
  std::sort(asked.begin(), asked.end());
  EXPECT_EQ(asked, contacts({3, 4}));
  EXPECT_EQ(std::get<wire::Bytes>(call.result.outcome), "5");
  expect_idle();
}

TEST_F(CallsTest, WithoutAProviderIsNotFound) {
  Node& node = start();
  node.add_contact(contact(7));
  Call call;
  node.call(request(), call.done());
  host.answer(0, wire::FindValueReply{ContactList{}});
  EXPECT_EQ(call.times, 1);
  EXPECT_EQ(error_code(call.result), "not_found");
  expect_idle();
}

TEST_F(CallsTest, WhereNobodyAnswersItsProviderIsUnreachable) {
  for (const bool knows_one : {false, true}) {
    Node& node = start();
    if (knows_one) node.add_contact(contact(7));
    Call call;
    node.call(request(), call.done());
    if (knows_one) host.fail(host.last_request(), Failure::unreachable);
    EXPECT_EQ(call.times, 1);
    EXPECT_EQ(error_code(call.result), "unreachable");
    expect_idle();
  }
}

TEST_F(CallsTest, RecordsOfNoProviderAreNotCalled) {
  Node& node = start();
  ASSERT_TRUE(node.store_local(service_key("calc.add"), text("nonsense")));
  node.add_contact(contact(7));
  Call call;
  node.call(request(), call.done());
  host.answer(0, wire::FindValueReply{ContactList{}});
  EXPECT_EQ(error_code(call.result), "not_found");
  EXPECT_EQ(host.requests.size(), 1U);
  expect_idle();
}

TEST_F(CallsTest, ThatFindsOnlySilenceTimesOutAtItsTime) {
  protocol.query_timeout = 20 * kSecond;
  Node& node = start();
  node.add_contact(contact(7));
  Call call;
  node.call(request(), call.done());
  host.advance(5 * kSecond - Duration{1});
  EXPECT_EQ(call.times, 0);
  host.advance(Duration{1});
  EXPECT_EQ(error_code(call.result), "timeout");
  EXPECT_EQ(call.result.elapsed, 5 * kSecond);
  expect_idle();
}

TEST_F(CallsTest, WhatThePathOfARoutedCallAnswersIsNotTheProvidersWord) {
  Node& node = start_knowing({1, 2});
  Call call;
  CallRequest routed = request();
  routed.routed = true;
  node.call(routed, call.done());
  const wire::CallId id = std::get<wire::Call>(*sent_as<wire::RpcRoute>(0).payload).call_id;
  host.answer(0, make_route_reply(numbered_id(0), numbered_id(9), 10,
                                  wire::Reply{id, wire::CallError{"no_route", "nobody closer"}}));
  ASSERT_EQ(host.requests.size(), 2U);
  EXPECT_EQ(call.times, 0);
  host.answer(1, make_route_reply(numbered_id(0), numbered_id(2), 10,
                                  wire::Reply{id, wire::CallError{"full", "says the provider"}}));
  EXPECT_EQ(error_code(call.result), "full");
  expect_idle();
}

TEST_F(CallsTest, AProviderThatFailsAtOnceLeavesItsTimeToTheNext) {
  Node& node = start_knowing({1, 2, 3});
  Call call;
  node.call(request(), call.done());
  host.advance(kSecond);
  EXPECT_EQ(called(), contacts({1}));
  host.fail(0, Failure::unreachable);
  EXPECT_EQ(called(), contacts({1, 2}));
  host.advance(2 * kSecond - Duration{1});  // as long as the first would have had
  EXPECT_EQ(called(), contacts({1, 2}));
  host.advance(Duration{1});
  EXPECT_EQ(called(), contacts({1, 2, 3}));
  answer_call(made<wire::Call>().back(), "5");
  EXPECT_EQ(error_code(call.result), "none");
  expect_idle();
}

TEST_F(CallsTest, FailuresHaveTheirOwnCodes) {
  Node& node = start_knowing({1});
  const std::vector<std::pair<Failure, std::string>> codes = {{Failure::timeout, "timeout"},
                                                              {Failure::unreachable, "unreachable"},
                                                              {Failure::refused, "refused"},
                                                              {Failure::cancelled, "cancelled"}};
  for (const auto& [failure, code] : codes) {
    Call call;
    node.call(request(), call.done());
    host.fail(host.last_request(), failure);
    EXPECT_EQ(error_code(call.result), code);
  }
}

TEST_F(CallsTest, AnErrorOfTheProcedureIsTheAnswer) {
  Node& node = start_knowing({1, 2});
  Call call;
  node.call(request(), call.done());
  host.answer(0, wire::Reply{sent_as<wire::Call>(0).call_id,
                             wire::CallError{"division_by_zero", "b is 0"}});
  EXPECT_EQ(error_code(call.result), "division_by_zero");
  EXPECT_EQ(host.requests.size(), 1U);
  expect_idle();
}

TEST_F(CallsTest, AnAnswerToAnotherCallIsABadReply) {
  Node& node = start_knowing({1});
  Call call;
  node.call(request(), call.done());
  wire::CallId other = sent_as<wire::Call>(0).call_id;
  other[0] ^= 1;
  host.answer(0, wire::Reply{other, wire::Bytes("5")});
  EXPECT_EQ(error_code(call.result), "bad_reply");
  node.call(request(), call.done());
  host.answer(1, wire::Pong{});
  EXPECT_EQ(error_code(call.result), "bad_reply");
  expect_idle();
}

// The provider has not been heard from: a hop on the way may have answered in its place.
TEST_F(CallsTest, TheAnswerToARoutedCallIsAWordOfItsNextHop) {
  Node& node = start();
  node.add_contact(contact(4));
  CallRequest routed = request();
  routed.provider = contact(5);
  routed.routed = true;
  Call call;
  node.call(std::move(routed), call.done());
  ASSERT_EQ(host.requests.at(0).to, contact(4));
  node.table().remove(contact(4));
  const auto& asked = std::get<wire::Call>(*sent_as<wire::RpcRoute>(0).payload);
  host.answer(0, make_route_reply(numbered_id(0), numbered_id(4), 10,
                                  wire::Reply{asked.call_id, wire::Bytes("5")}));
  EXPECT_EQ(call.times, 1);
  EXPECT_TRUE(node.table().contains(contact(4)));
  EXPECT_FALSE(node.table().contains(contact(5)));
  expect_idle();
}

TEST_F(CallsTest, OfItselfNeedsNoRequest) {
  Node& node = start_knowing({0});
  application.when_called = [&](CallHandle handle) { node.answer(handle, wire::Bytes("5")); };
  Call call;
  node.call(request(), call.done());
  EXPECT_EQ(std::get<wire::Bytes>(call.result.outcome), "5");
  EXPECT_EQ(application.calls.size(), 1U);
  EXPECT_TRUE(host.requests.empty());
  expect_idle();
}

TEST_F(CallsTest, OfItselfTimesOutWhereItsApplicationIsSilent) {
  Node& node = start_knowing({0});
  Call call;
  node.call(request(), call.done());
  host.advance(protocol.call_timeout - kMillisecond);
  EXPECT_EQ(call.times, 0);
  host.advance(kMillisecond);
  EXPECT_EQ(call.times, 1);
  EXPECT_EQ(error_code(call.result), "timeout");
  node.answer(application.calls.at(0).handle, wire::Bytes("late"));
  EXPECT_EQ(call.times, 1);
  expect_idle();
}

TEST_F(CallsTest, OfItselfFailsOverToTheNextProvider) {
  Node& node = start_knowing({0, 1});
  Call call;
  node.call(request(4 * kSecond), call.done());
  ASSERT_EQ(application.calls.size(), 1U);
  host.advance(2 * kSecond - Duration{1});
  EXPECT_TRUE(host.requests.empty());
  host.advance(Duration{1});
  ASSERT_EQ(host.requests.size(), 1U);
  answer_call(0, "5");
  EXPECT_EQ(std::get<wire::Bytes>(call.result.outcome), "5");
  node.answer(application.calls[0].handle, wire::Bytes("late"));
  EXPECT_EQ(call.times, 1);
  expect_idle();
}

TEST_F(CallsTest, OfItselfRefusedGoesOnToTheNextProvider) {
  Node& node = start_knowing({0, 1});
  application.when_called = [&](CallHandle handle) {
    node.answer(handle, wire::CallError{"busy", "says this node"});
  };
  Call call;
  node.call(request(), call.done());
  ASSERT_EQ(called(), contacts({1}));
  answer_call(0, "5");
  EXPECT_EQ(std::get<wire::Bytes>(call.result.outcome), "5");
  expect_idle();
}

TEST_F(CallsTest, OfItselfAnsweredLaterLeavesNoTimer) {
  Node& node = start_knowing({0});
  Call call;
  node.call(request(), call.done());
  host.advance(kSecond);
  node.answer(application.calls.at(0).handle, wire::Bytes("5"));
  EXPECT_EQ(std::get<wire::Bytes>(call.result.outcome), "5");
  expect_idle();
}

TEST_F(CallsTest, ATimeoutTooShortToShareIsATimeout) {
  Node& node = start_knowing({1, 2, 3});
  Call call;
  node.call(request(Duration{2}), call.done());
  host.advance(Duration{2});
  EXPECT_EQ(call.times, 1);
  EXPECT_EQ(error_code(call.result), "timeout");
  expect_idle();
}

// ----- cancelled -----

TEST_F(CallsTest, CancelledWhileItsProviderIsLookedFor) {
  protocol.maintenance = false;
  Node& node = start();
  node.add_contact(contact(7));
  Call call;
  const OperationId id = node.call(request(), call.done());
  ASSERT_EQ(host.open_requests().size(), 1U);
  node.cancel(id);
  expect_idle();
  host.advance(protocol.call_timeout);
  EXPECT_EQ(call.times, 0);
  EXPECT_EQ(host.requests.size(), 1U);
}

TEST_F(CallsTest, CancelledWhileAProviderIsAsked) {
  Node& node = start_knowing({1, 2});
  Call call;
  const OperationId id = node.call(request(), call.done());
  host.fail(0, Failure::timeout);
  ASSERT_EQ(host.open_requests(), (std::vector<std::size_t>{1}));
  node.cancel(id);
  expect_idle();
  Call next;
  node.call(request(), next.done());
  node.cancel(id);  // its slot is another's now
  answer_call(2, "5");
  EXPECT_EQ(call.times, 0);
  EXPECT_EQ(next.times, 1);
  expect_idle();
}

TEST_F(CallsTest, CancelledWhileItIsRouted) {
  Node& node = start();
  node.add_contact(contact(4));
  Call call;
  CallRequest routed{"calc.add", "{}", std::nullopt, contact(4), true};
  const OperationId id = node.call(std::move(routed), call.done());
  ASSERT_EQ(host.open_requests().size(), 1U);
  node.cancel(id);
  expect_idle();
  EXPECT_EQ(call.times, 0);
}

TEST_F(CallsTest, CancelledWhileThisNodeServesIt) {
  Node& node = start_knowing({0});
  Call call;
  Call next;
  const std::size_t timers = host.open_timers();
  const OperationId id = node.call(request(), call.done());
  node.cancel(id);
  EXPECT_EQ(host.open_timers(), timers);
  node.call(request(), next.done());
  node.answer(application.calls.at(0).handle, wire::Bytes("late"));
  EXPECT_EQ(call.times, 0);
  EXPECT_EQ(next.times, 0);
  node.answer(application.calls.at(1).handle, wire::Bytes("5"));
  EXPECT_EQ(std::get<wire::Bytes>(next.result.outcome), "5");
  expect_idle();
}

// ----- served calls -----

TEST_F(CallsTest, ACallIsAnsweredAtOnceOrLater) {
  Node& node = start();
  const InboundId later = host.ask(contact(1), wire::Call{"calc.add", "{}", {1}, 5000});
  EXPECT_EQ(host.reply_to(later), nullptr);
  EXPECT_EQ(node.pending(), 1U);
  application.when_called = [&](CallHandle handle) { node.answer(handle, wire::Bytes("at once")); };
  const InboundId now = host.ask(contact(2), wire::Call{"calc.add", "{}", {2}, 5000});
  EXPECT_EQ(replied_as<wire::Reply>(now).call_id, wire::CallId{2});
  EXPECT_EQ(std::get<wire::Bytes>(replied_as<wire::Reply>(now).outcome), "at once");
  node.answer(application.calls[0].handle, wire::Bytes("later"));
  EXPECT_EQ(replied_as<wire::Reply>(later).call_id, wire::CallId{1});
  EXPECT_EQ(std::get<wire::Bytes>(replied_as<wire::Reply>(later).outcome), "later");
  expect_idle();
}

TEST_F(CallsTest, NobodysCallsTakeMoreThanTheyLeave) {
  Node& node = start();
  for (std::size_t i = 0; i < ServedCalls::kLimit / 2; ++i) {
    host.ask(contact(1), wire::Call{"calc.add", "{}", {}, 5000});
  }
  EXPECT_EQ(application.calls.size(), ServedCalls::kLimit / 2);
  EXPECT_TRUE(host.replies.empty());
  const InboundId refused = host.ask(contact(1), wire::Call{"calc.add", "{}", {}, 5000});
  EXPECT_EQ(application.calls.size(), ServedCalls::kLimit / 2);
  EXPECT_EQ(std::get<wire::CallError>(replied_as<wire::Reply>(refused).outcome).code, "refused");
  host.ask(contact(2), wire::Call{"calc.add", "{}", {}, 5000});
  EXPECT_EQ(application.calls.size(), ServedCalls::kLimit / 2 + 1);
  node.answer(application.calls[0].handle, wire::Bytes("5"));
  host.ask(contact(1), wire::Call{"calc.add", "{}", {}, 5000});
  EXPECT_EQ(application.calls.size(), ServedCalls::kLimit / 2 + 2);
}

}  // namespace
}  // namespace macula::dht
