#include "dht/node/router.h"

#include <limits>
#include <string>

#include "tests/dht/node/node_fixture.h"

namespace macula::dht {
namespace {

wire::RpcRoute route_of(const NodeId& destination, std::uint32_t hop_count, std::uint32_t max_hops,
                        std::optional<std::uint64_t> timeout_ms = 5000) {
  wire::RpcRoute route{destination, hash_id("source"), hop_count, max_hops, nullptr};
  route.payload = std::make_unique<std::variant<wire::Call, wire::Reply>>(
      wire::Call{"calc.add", "{}", {7}, timeout_ms});
  return route;
}

// The destination of most routes here is id 0; the node's own id is 8, so that contacts 1 to 7 are
// strictly closer to it, and 9 and more are not.
class RouterTest : public NodeTest {
 protected:
  Node& start_at_8() { return start_as(contact(8)); }
  InboundId pass(std::uint32_t hop_count, std::uint32_t max_hops,
                 std::optional<std::uint64_t> timeout_ms = 5000) {
    return host.ask(contact(99), route_of(NodeId{}, hop_count, max_hops, timeout_ms));
  }
  // The error code with which a route was answered; empty: it was not.
  std::string error_of(InboundId request) {
    wire::Message* message = host.reply_to(request);
    if (message == nullptr) return {};
    const auto& route = std::get<wire::RpcRoute>(*message);
    EXPECT_EQ(route.destination, hash_id("source"));
    const auto& reply = std::get<wire::Reply>(*route.payload);
    EXPECT_EQ(reply.call_id, wire::CallId{7});
    const auto* error = std::get_if<wire::CallError>(&reply.outcome);
    return error != nullptr ? error->code : "none";
  }
  void use(const char* profile) { protocol = *find_profile(profile); }
};

TEST_F(RouterTest, PassesARouteToTheClosestContactWithOneHopMore) {
  for (const char* profile : {"kademlia", "macula-0.8"}) {
    use(profile);
    Node& node = start_at_8();
    for (const std::uint64_t number : {9U, 3U, 2U, 12U}) node.add_contact(contact(number));
    const InboundId request = pass(4, 10, 2000);
    const std::size_t passed = host.last_request();
    EXPECT_EQ(host.requests[passed].to, contact(2));
    EXPECT_EQ(host.requests[passed].timeout, 2 * kSecond);
    const auto& sent = sent_as<wire::RpcRoute>(passed);
    EXPECT_EQ(sent.hop_count, 5U);
    EXPECT_EQ(sent.max_hops, 10U);
    EXPECT_EQ(sent.destination, NodeId{});
    EXPECT_EQ(sent.source, hash_id("source"));
    EXPECT_EQ(std::get<wire::Call>(*sent.payload).call_id, wire::CallId{7});
    EXPECT_EQ(error_of(request), "");
    host.answer(passed, make_route_reply(hash_id("source"), NodeId{}, 10,
                                         wire::Reply{{7}, wire::Bytes("5")}));
    EXPECT_EQ(error_of(request), "none");
    expect_idle();
    host.replies.clear();
  }
}

TEST_F(RouterTest, PassesOnSoManyRoutesAndNoMore) {
  Node& node = start_at_8();
  node.add_contact(contact(2));
  for (std::size_t i = 0; i < Router::kLimit / 2; ++i) EXPECT_EQ(error_of(pass(1, 10)), "");
  EXPECT_EQ(error_of(pass(1, 10)), "refused");  // its share: half of it
  EXPECT_EQ(host.requests.size(), Router::kLimit / 2);
  EXPECT_EQ(error_of(host.ask(contact(98), route_of(NodeId{}, 1, 10, 5000))), "");
}

TEST_F(RouterTest, ARouteEndsWithItsAsker) {
  Node& node = start_at_8();
  node.add_contact(contact(2));
  const InboundId given_up = pass(1, 10);
  const InboundId other = pass(1, 10);
  host.give_up(given_up);
  EXPECT_FALSE(host.requests.at(0).open);
  EXPECT_TRUE(host.requests.at(1).open);
  EXPECT_EQ(node.pending(), 1U);
  host.give_up(InboundId{9999});
  host.advance(protocol.call_timeout);
  EXPECT_EQ(error_of(other), "timeout");
  EXPECT_EQ(host.reply_to(given_up), nullptr);
  expect_idle();
}

TEST_F(RouterTest, RuleCloserGoesNeitherBackNorSideways) {
  Node& node = start_at_8();
  node.add_contact(contact(9));
  node.add_contact(contact(12));
  EXPECT_EQ(error_of(pass(1, 10)), "no_route");
  EXPECT_TRUE(host.requests.empty());
  expect_idle();
}

TEST_F(RouterTest, RuleAnyGoesBackAsMacula08Did) {
  use("macula-0.8");
  Node& node = start_at_8();
  node.add_contact(contact(9));
  EXPECT_EQ(error_of(pass(1, 10)), "");
  EXPECT_EQ(host.requests.at(0).to, contact(9));
}

TEST_F(RouterTest, AnEmptyTableIsNoRoute) {
  for (const char* profile : {"kademlia", "macula-0.8"}) {
    use(profile);
    start_at_8();
    // Not even its sender is known: the host does not know it either.
    EXPECT_EQ(error_of(host.ask(kNoContact, route_of(NodeId{}, 1, 10))), "no_route") << profile;
    host.replies.clear();
  }
}

TEST_F(RouterTest, ASpentRouteIsNotPassedOn) {
  for (const char* profile : {"kademlia", "macula-0.8"}) {
    use(profile);
    Node& node = start_at_8();
    node.add_contact(contact(1));
    EXPECT_EQ(error_of(pass(9, 10)), "") << profile;
    EXPECT_EQ(host.requests.size(), 1U) << profile;
    EXPECT_EQ(error_of(pass(10, 10)), "max_hops_exceeded") << profile;
    EXPECT_EQ(error_of(pass(11, 10)), "max_hops_exceeded") << profile;
    EXPECT_EQ(error_of(pass(10, 4'000'000'000U)), "max_hops_exceeded") << profile;
    EXPECT_EQ(host.requests.size(), 1U) << profile;
    host.requests.clear();
    host.replies.clear();
  }
}

// Macula 0.8 checked the hops before it looked whether the route had arrived.
TEST_F(RouterTest, ADestinationReachedWithTheLastHop) {
  for (const bool as_it_was : {false, true}) {
    use(as_it_was ? "macula-0.8" : "kademlia");
    start_at_8();
    const std::size_t before = application.calls.size();
    host.ask(contact(99), route_of(numbered_id(8), 9, 10));
    EXPECT_EQ(application.calls.size(), before + 1);
    const InboundId last = host.ask(contact(99), route_of(numbered_id(8), 10, 10));
    EXPECT_EQ(application.calls.size(), before + (as_it_was ? 1 : 2));
    EXPECT_EQ(error_of(last), as_it_was ? "max_hops_exceeded" : "");
    host.replies.clear();
  }
}

TEST_F(RouterTest, ADeliveredCallIsAnsweredAsARoute) {
  Node& node = start_at_8();
  application.when_called = [&](CallHandle handle) { node.answer(handle, wire::Bytes("5")); };
  const InboundId request = host.ask(contact(99), route_of(numbered_id(8), 3, 10));
  EXPECT_EQ(error_of(request), "none");
  EXPECT_EQ(replied_as<wire::RpcRoute>(request).source, numbered_id(8));
  expect_idle();
}

TEST_F(RouterTest, AFailedHopIsAnError) {
  Node& node = start_at_8();
  node.add_contact(contact(1));
  const InboundId silent = pass(1, 10);
  const InboundId unreachable = pass(1, 10);
  const InboundId odd = pass(1, 10);
  host.fail(1, Failure::unreachable);
  EXPECT_EQ(error_of(unreachable), "no_route");
  host.answer(2, wire::Pong{});
  EXPECT_EQ(error_of(odd), "bad_reply");
  host.advance(5 * kSecond);
  EXPECT_EQ(error_of(silent), "timeout");
  expect_idle();
}

TEST_F(RouterTest, TheNextHopsOddAnswersAreErrors) {
  Node& node = start_at_8();
  node.add_contact(contact(1));
  const InboundId other_call = pass(1, 10);
  host.answer(host.last_request(),
              make_route_reply(hash_id("source"), numbered_id(1), 10, {{99}, wire::Bytes("5")}));
  EXPECT_EQ(error_of(other_call), "bad_reply");
  const InboundId no_reply = pass(1, 10);
  host.answer(host.last_request(), route_of(numbered_id(8), 1, 10));
  EXPECT_EQ(error_of(no_reply), "bad_reply");
  expect_idle();
}

// The timeout is part of a foreign message: it may be anything.
TEST_F(RouterTest, OddTimeoutsOfOthersAreBounded) {
  Node& node = start_at_8();
  node.add_contact(contact(1));
  for (const std::uint64_t timeout_ms :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 44, std::uint64_t{1} << 63,
        std::numeric_limits<std::uint64_t>::max()}) {
    pass(1, 10, timeout_ms);
    const Duration timeout = host.requests[host.last_request()].timeout;
    EXPECT_GE(timeout, kMillisecond) << timeout_ms;
    EXPECT_LE(timeout, Router::kLongestTimeout) << timeout_ms;
  }
  pass(1, 10, std::nullopt);
  EXPECT_EQ(host.requests[host.last_request()].timeout, protocol.call_timeout);
}

// The call says how long its caller waits: no hop waits for less, or for more.
TEST_F(RouterTest, ALongOrShortCallIsWaitedForAsLongAsItSays) {
  protocol.query_timeout = 2 * kSecond;
  protocol.call_timeout = 3 * kSecond;
  protocol.deadline = 4 * kSecond;
  Node& node = start_at_8();
  node.add_contact(contact(1));
  for (const std::uint64_t seconds : {1U, 20U, 90U}) {
    pass(1, 10, seconds * 1000);
    EXPECT_EQ(host.requests[host.last_request()].timeout, seconds * kSecond);
  }
  // So does its origin.
  Kept<CallResult> call;
  node.call({"calc.add", "{}", 90 * kSecond, contact(1), true}, call.done());
  EXPECT_EQ(host.requests[host.last_request()].timeout, 90 * kSecond);
  host.advance(90 * kSecond - kMillisecond);
  EXPECT_EQ(call.times, 0);
  host.advance(kMillisecond);
  EXPECT_EQ(call.times, 1);
}

TEST_F(RouterTest, AReplyOnItsOwnIsIgnored) {
  Node& node = start_at_8();
  node.add_contact(contact(1));
  const InboundId request = host.ask(
      contact(99), make_route_reply(NodeId{}, hash_id("source"), 10, {{7}, wire::Bytes("5")}));
  EXPECT_EQ(host.reply_to(request), nullptr);
  EXPECT_EQ(host.refused, std::vector<InboundId>{request});
  expect_idle();
}

// ----- the origin -----

using Call = Kept<CallResult>;

TEST_F(RouterTest, TheOriginsFirstFrameCarriesHopCount1) {
  Node& node = start_at_8();
  node.add_contact(contact(2));
  Call call;
  node.call({"calc.add", "{}", std::nullopt, contact(0), true}, call.done());
  EXPECT_EQ(host.requests.at(0).to, contact(2));
  const auto& sent = sent_as<wire::RpcRoute>(0);
  EXPECT_EQ(sent.hop_count, 1U);
  EXPECT_EQ(sent.max_hops, 10U);
  EXPECT_EQ(sent.source, numbered_id(8));
  EXPECT_EQ(sent.destination, NodeId{});
  const wire::CallId id = std::get<wire::Call>(*sent.payload).call_id;
  host.answer(0, make_route_reply(numbered_id(8), NodeId{}, 10, {id, wire::Bytes("5")}));
  EXPECT_EQ(std::get<wire::Bytes>(call.result.outcome), "5");
  expect_idle();
}

TEST_F(RouterTest, TheOriginAppliesTheRuleToItself) {
  Node& node = start_at_8();
  node.add_contact(contact(9));
  Call call;
  node.call({"calc.add", "{}", std::nullopt, contact(0), true}, call.done());
  EXPECT_EQ(std::get<wire::CallError>(call.result.outcome).code, "no_route");
  EXPECT_TRUE(host.requests.empty());
  expect_idle();
}

TEST_F(RouterTest, ADiscoveredProviderIsReachedAtTheEndpointOfItsRecord) {
  protocol.sign_providers = false;
  protocol.discover_beyond_own = false;
  Node& node = start_at_8();
  node.add_contact(contact(1));
  ASSERT_TRUE(node.store_local(service_key("calc.add"), provider_record(300)));
  Call call;
  node.call({"calc.add", "{}", std::nullopt, std::nullopt, true}, call.done());
  EXPECT_EQ(host.requests.at(0).to, contact(300));
  EXPECT_EQ(sent_as<wire::RpcRoute>(0).destination, numbered_id(300));
}

}  // namespace
}  // namespace macula::dht
