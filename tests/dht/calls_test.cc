#include "dht/calls.h"

#include <string>

#include "tests/dht/node_fixture.h"

namespace macula::dht {
namespace {

using Call = Kept<CallResult>;

std::string error_code(const CallResult& result) {
  const auto* error = std::get_if<wire::CallError>(&result.outcome);
  return error != nullptr ? error->code : "none";
}

class CallsTest : public NodeTest {
 protected:
  // A node that holds the records of these providers of "calc.add".
  Node& start_knowing(const std::vector<std::uint64_t>& providers) {
    protocol.sign_providers = false;  // nobody expects a signature
    Node& node = start();
    for (auto number = providers.rbegin(); number != providers.rend(); ++number) {
      EXPECT_TRUE(node.store_local(service_key("calc.add"), provider_record(*number)));
    }
    return node;
  }
  static CallRequest request(std::optional<Duration> timeout = std::nullopt) {
    return {"calc.add", "{}", timeout, std::nullopt, false};
  }
  void answer_call(std::size_t request, const std::string& result) {
    host.answer(request, wire::Reply{sent_as<wire::Call>(request).call_id, result});
  }
  void refuse_call(std::size_t request, const std::string& code) {
    host.answer(request, wire::Reply{sent_as<wire::Call>(request).call_id,
                                     wire::CallError{code, "says the provider"}});
  }
  // The requests of one kind that were made so far: to whom, or which ones they are.
  template <typename Message>
  std::vector<std::size_t> made() const {
    std::vector<std::size_t> made;
    for (std::size_t i = 0; i < host.requests.size(); ++i) {
      if (std::holds_alternative<Message>(host.requests[i].message)) made.push_back(i);
    }
    return made;
  }
  std::vector<ContactRef> called() const {
    std::vector<ContactRef> called;
    for (const std::size_t request : made<wire::Call>())
      called.push_back(host.requests[request].to);
    return called;
  }
  std::vector<ContactRef> contacts(const std::vector<std::uint64_t>& numbers) {
    std::vector<ContactRef> contacts;
    for (const std::uint64_t number : numbers) contacts.push_back(contact(number));
    return contacts;
  }
};

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
  EXPECT_EQ(host.requests[1].timeout, 4 * kSecond);  // what discovery left
  answer_call(1, "5");
  EXPECT_EQ(call.times, 1);
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

TEST_F(CallsTest, RecordsOfNoProviderAreNotCalled) {
  Node& node = start();
  ASSERT_TRUE(node.store_local(service_key("calc.add"), text("nonsense")));
  Call call;
  node.call(request(), call.done());
  EXPECT_EQ(error_code(call.result), "not_found");
  EXPECT_TRUE(host.requests.empty());
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

// One timeout covers all providers: the last of the silent ones is asked by its middle.
TEST_F(CallsTest, TriesAllProvidersWithinOneTimeoutTheLastByItsMiddle) {
  Node& node = start_knowing({1, 2, 3, 4});
  Call call;
  node.call(request(6 * kSecond), call.done());
  for (std::size_t asked = 1; asked < 4; ++asked) {
    EXPECT_EQ(called().size(), asked);
    host.advance(kSecond - Duration{1});
    EXPECT_EQ(called().size(), asked);
    host.advance(Duration{1});
  }
  EXPECT_EQ(called(), contacts({1, 2, 3, 4}));
  // All may still answer, until the deadline.
  for (const std::size_t each : made<wire::Call>()) {
    EXPECT_TRUE(host.requests[each].open);
    EXPECT_EQ(host.requests[each].give_up, Time{6 * kSecond});
    EXPECT_EQ(sent_as<wire::Call>(each).call_id, sent_as<wire::Call>(0).call_id);
  }
  host.advance(3 * kSecond - Duration{1});
  EXPECT_EQ(call.times, 0);
  host.advance(Duration{1});
  EXPECT_EQ(call.times, 1);
  EXPECT_EQ(error_code(call.result), "timeout");
  EXPECT_EQ(call.result.elapsed, 6 * kSecond);
  expect_idle();
}

// However many are dead, and however short the time.
TEST_F(CallsTest, TenSilentOnesLeaveHalfOfTheTimeToTheLast) {
  Node& node = start_knowing({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  Call call;
  node.call(request(2 * kSecond), call.done());
  host.advance(kSecond - kMillisecond);
  EXPECT_EQ(called().size(), 10U);
  host.advance(2 * kMillisecond);
  ASSERT_EQ(called().size(), 11U);
  answer_call(made<wire::Call>().back(), "5");
  EXPECT_EQ(error_code(call.result), "none");
  expect_idle();
}

TEST_F(CallsTest, WhoeverWasSilentForItsTimeMayStillAnswer) {
  Node& node = start_knowing({1, 2, 3});
  Call call;
  node.call(request(8 * kSecond), call.done());
  host.advance(2 * kSecond);
  ASSERT_EQ(called(), contacts({1, 2}));
  answer_call(0, "5");
  EXPECT_EQ(std::get<wire::Bytes>(call.result.outcome), "5");
  expect_idle();
  // And is forgiven.
  node.call(request(), call.done());
  EXPECT_EQ(called().back(), contact(1));
}

// It lives and is at work: nobody else is asked before it has had its share.
TEST_F(CallsTest, WhoeverAnswersAPingIsGivenItsShareOfTheTime) {
  Node& node = start_knowing({1, 2, 3, 4, 5});
  Call call;
  node.call(request(12 * kSecond), call.done());
  host.advance(750 * kMillisecond);
  ASSERT_EQ(made<wire::Ping>().size(), 1U);
  EXPECT_EQ(host.requests[made<wire::Ping>()[0]].to, contact(1));
  host.answer(made<wire::Ping>()[0], wire::Pong{});
  host.advance(3250 * kMillisecond - Duration{1});
  EXPECT_EQ(called(), contacts({1}));
  host.advance(Duration{1});  // a third of the time
  EXPECT_EQ(called(), contacts({1, 2}));
  host.advance(4 * kSecond / 3 + kMillisecond);  // the others share half of what is left
  EXPECT_EQ(called(), contacts({1, 2, 3}));
  answer_call(0, "5");
  EXPECT_EQ(std::get<wire::Bytes>(call.result.outcome), "5");
  expect_idle();
}

TEST_F(CallsTest, APongThatComesLateStillHoldsOthersBack) {
  Node& node = start_knowing({1, 2, 3, 4});
  Call call;
  node.call(request(6 * kSecond), call.done());
  host.advance(kSecond);
  ASSERT_EQ(called(), contacts({1, 2}));
  host.answer(made<wire::Ping>()[0], wire::Pong{});
  host.advance(kSecond - Duration{1});  // until a third of six seconds have passed
  EXPECT_EQ(called(), contacts({1, 2}));
  host.advance(Duration{1});
  EXPECT_EQ(called(), contacts({1, 2, 3}));
  answer_call(0, "5");
  expect_idle();
}

TEST_F(CallsTest, NobodyIsPingedWhereNobodyElseCouldBeAsked) {
  Node& node = start_knowing({1});
  Call call;
  node.call(request(), call.done());
  host.advance(5 * kSecond);
  EXPECT_EQ(error_code(call.result), "timeout");
  EXPECT_EQ(host.requests.size(), 1U);
  expect_idle();
}

// A near one that is silent costs what its round trip takes, not its share of the time.
TEST_F(CallsTest, ASilentProviderIsDoubtedByItsRoundTrip) {
  Node& node = start_knowing({1, 2});
  for (std::uint64_t i = 0; i < 2 * RoundTrips::kEnough; ++i) {
    node.add_contact(contact(20 + i));
    Kept<SearchResult> lookup;
    node.lookup(numbered_id(20 + i), lookup.done());
    host.advance(20 * kMillisecond);
    answer_all();
  }
  const std::size_t before = host.requests.size();
  Call call;
  node.call(request(), call.done());
  host.advance(300 * kMillisecond);
  EXPECT_EQ(called(), contacts({1, 2}));
  answer_call(made<wire::Call>().back(), "5");
  EXPECT_EQ(host.requests.size(), before + 3);
  expect_idle();
}

TEST_F(CallsTest, WhereAllWereSilentTheNextCallBeginsWithTheLast) {
  Node& node = start_knowing({1, 2, 3});
  Call call;
  node.call(request(), call.done());
  host.advance(5 * kSecond);
  EXPECT_EQ(error_code(call.result), "timeout");
  node.call(request(), call.done());
  host.advance(5 * kSecond);
  EXPECT_EQ(called(), contacts({1, 2, 3, 3, 2, 1}));
  expect_idle();
}

// Of those that live and do not carry it out, any number costs no more than its round trips.
TEST_F(CallsTest, ARefusalGoesOnToTheNextProvider) {
  const std::vector<std::string> codes = {"not_found", "not_served", "busy", "refused"};
  Node& node = start_knowing({1, 2, 3, 4, 5});
  Call call;
  node.call(request(), call.done());
  for (std::size_t i = 0; i < codes.size(); ++i) refuse_call(i, codes[i]);
  ASSERT_EQ(called(), contacts({1, 2, 3, 4, 5}));
  EXPECT_EQ(call.times, 0);
  answer_call(4, "5");
  EXPECT_EQ(std::get<wire::Bytes>(call.result.outcome), "5");
  // It counts as failed.
  node.call(request(), call.done());
  EXPECT_EQ(called().back(), contact(5));
  answer_call(5, "5");
  expect_idle();
}

TEST_F(CallsTest, WhereAllHaveFailedARefusalIsTheResult) {
  Node& node = start_knowing({1, 2, 3});
  Call call;
  node.call(request(), call.done());
  host.fail(0, Failure::unreachable);
  refuse_call(1, "busy");
  host.advance(5 * kSecond);
  EXPECT_EQ(call.times, 1);
  EXPECT_EQ(error_code(call.result), "busy");
  expect_idle();
}

TEST_F(CallsTest, ProvidersThatFailedLatelyAreTriedLast) {
  Node& node = start_knowing({1, 2, 3});
  Call call;
  node.call(request(), call.done());
  host.fail(0, Failure::timeout);
  host.fail(1, Failure::unreachable);
  answer_call(2, "5");
  EXPECT_EQ(error_code(call.result), "none");
  // Next time whoever answered is first, then whoever failed longest ago.
  node.call(request(), call.done());
  EXPECT_EQ(host.requests[3].to, contact(3));
  host.fail(3, Failure::timeout);
  EXPECT_EQ(host.requests[4].to, contact(1));
  answer_call(4, "5");
  // It is forgiven by its answer, the others in time.
  node.call(request(), call.done());
  EXPECT_EQ(host.requests[5].to, contact(1));
  host.fail(5, Failure::timeout);
  EXPECT_EQ(host.requests[6].to, contact(2));
  answer_call(6, "5");
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
