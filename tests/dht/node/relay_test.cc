// Nodes behind a gateway: messages for them are wrapped, passed on and unwrapped.
#include <memory>

#include "tests/dht/node/node_fixture.h"

namespace macula::dht {
namespace {

using RelayPtr = std::unique_ptr<wire::Relay>;

class RelayTest : public NodeTest {
 protected:
  static constexpr std::uint64_t kGateway = 50;

  // Node `number`, reached through the gateway.
  ContactRef behind(std::uint64_t number) {
    return *book.intern({numbered_id(number), numbered_endpoint(kGateway), numbered_id(kGateway)});
  }
  static RelayPtr relay_of(const NodeId& destination, const NodeId& source, ContactRef sender,
                           wire::Message payload) {
    return std::make_unique<wire::Relay>(
        wire::Relay{destination, source, sender, std::move(payload)});
  }
};

TEST_F(RelayTest, ARequestGoesToTheGatewayWrapped) {
  Node& node = start();
  Kept<PingResult> ping;
  node.ping(behind(2), 5 * kSecond, ping.done());
  EXPECT_EQ(host.requests.at(0).to, contact(kGateway));
  const auto& relay = *sent_as<RelayPtr>(0);
  EXPECT_EQ(relay.destination, numbered_id(2));
  EXPECT_EQ(relay.source, numbered_id(0));
  EXPECT_EQ(relay.sender, contact(0));
  EXPECT_TRUE(std::holds_alternative<wire::Ping>(relay.payload));
  host.answer(0, relay_of(numbered_id(0), numbered_id(2), behind(2), wire::Pong{0, 0}));
  EXPECT_TRUE(ping.result.answered);
  EXPECT_TRUE(node.table().contains(behind(2)));
  expect_idle();
}

TEST_F(RelayTest, AMessageGoesToTheGatewayWrapped) {
  start().cast(behind(2), "log", "text");
  EXPECT_EQ(host.sent.at(0).to, contact(kGateway));
  const auto& relay = *std::get<RelayPtr>(host.sent[0].message);
  EXPECT_EQ(relay.destination, numbered_id(2));
  EXPECT_TRUE(std::holds_alternative<wire::Cast>(relay.payload));
}

TEST_F(RelayTest, WhatIsForThisNodeIsUnwrappedAndAnsweredWrapped) {
  Node& node = start_as(behind(2));
  const InboundId request = host.ask(
      contact(kGateway), relay_of(numbered_id(2), numbered_id(7), contact(7), wire::Ping{123}));
  const auto& answer = *replied_as<RelayPtr>(request);
  EXPECT_EQ(answer.destination, numbered_id(7));
  EXPECT_EQ(answer.source, numbered_id(2));
  EXPECT_EQ(answer.sender, behind(2));
  EXPECT_EQ(std::get<wire::Pong>(answer.payload).timestamp, 123U);
  // The gateway only passed something on, and cannot know of others than its own who they are.
  EXPECT_EQ(node.table().size(), 0U);

  host.tell(contact(kGateway),
            relay_of(numbered_id(2), numbered_id(7), contact(7), wire::Cast{"log", "text"}));
  EXPECT_EQ(application.casts.size(), 1U);
}

TEST_F(RelayTest, AnAnswerGivenLaterIsWrappedToo) {
  Node& node = start_as(behind(2));
  const InboundId relayed =
      host.ask(contact(kGateway), relay_of(numbered_id(2), numbered_id(7), contact(7),
                                           wire::Call{"calc.add", "{}", {1}, 5000}));
  const InboundId direct = host.ask(contact(9), wire::Call{"calc.add", "{}", {2}, 5000});
  node.answer(application.calls.at(1).handle, wire::Bytes("5"));
  node.answer(application.calls.at(0).handle, wire::Bytes("5"));
  EXPECT_TRUE(std::holds_alternative<wire::Reply>(*host.reply_to(direct)));
  EXPECT_EQ(replied_as<RelayPtr>(relayed)->destination, numbered_id(7));
}

TEST_F(RelayTest, TheGatewayPassesARequestOnAndItsAnswerBack) {
  Node& node = start_as(contact(kGateway));
  node.add_contact(behind(2));
  const InboundId request =
      host.ask(contact(7), relay_of(numbered_id(2), numbered_id(7), contact(7), wire::Ping{123}));
  ASSERT_EQ(host.requests.size(), 1U);
  EXPECT_EQ(host.requests[0].to, behind(2));
  const auto& relay = *sent_as<RelayPtr>(0);
  EXPECT_EQ(relay.destination, numbered_id(2));
  EXPECT_EQ(relay.source, numbered_id(7));
  EXPECT_EQ(node.pending(), 1U);
  host.answer(0, relay_of(numbered_id(7), numbered_id(2), behind(2), wire::Pong{123, 0}));
  EXPECT_EQ(std::get<wire::Pong>(replied_as<RelayPtr>(request)->payload).timestamp, 123U);
  expect_idle();

  host.tell(contact(7),
            relay_of(numbered_id(2), numbered_id(7), contact(7), wire::Cast{"log", "text"}));
  ASSERT_EQ(host.sent.size(), 1U);
  EXPECT_EQ(host.sent[0].to, behind(2));
  EXPECT_TRUE(application.casts.empty());
}

TEST_F(RelayTest, TheGatewaySpeaksToItsNodesDirectly) {
  Node& node = start_as(contact(kGateway));
  Kept<PingResult> ping;
  node.ping(behind(2), 5 * kSecond, ping.done());
  EXPECT_EQ(host.requests.at(0).to, behind(2));
  EXPECT_TRUE(std::holds_alternative<wire::Ping>(host.requests[0].message));
}

// The sender waits as for a silent peer.
TEST_F(RelayTest, TheGatewayIsSilentAboutASilentNode) {
  start_as(contact(kGateway)).add_contact(behind(2));
  const InboundId request =
      host.ask(contact(7), relay_of(numbered_id(2), numbered_id(7), contact(7), wire::Ping{1}));
  host.advance(20 * kSecond);
  EXPECT_EQ(host.reply_to(request), nullptr);
  expect_idle();
}

// A call says how long its caller waits; other requests are waited for as long as any is.
TEST_F(RelayTest, TheGatewayWaitsForACallAsLongAsItSays) {
  protocol.query_timeout = 2 * kSecond;
  protocol.call_timeout = 3 * kSecond;
  start_as(contact(kGateway)).add_contact(behind(2));
  const auto waits_for = [&](wire::Message payload) {
    host.ask(contact(7), relay_of(numbered_id(2), numbered_id(7), contact(7), std::move(payload)));
    return host.requests[host.last_request()].timeout;
  };
  const auto route = [](std::uint64_t timeout_ms) {
    wire::RpcRoute route{numbered_id(2), numbered_id(7), 1, 10, nullptr};
    route.payload = std::make_unique<std::variant<wire::Call, wire::Reply>>(
        wire::Call{"calc.add", "{}", {7}, timeout_ms});
    return route;
  };
  EXPECT_EQ(waits_for(wire::Ping{1}), 3 * kSecond);
  EXPECT_EQ(waits_for(wire::Call{"calc.add", "{}", {1}, std::nullopt}), 3 * kSecond);
  EXPECT_EQ(waits_for(wire::Call{"calc.add", "{}", {1}, 60'000}), 60 * kSecond);
  EXPECT_EQ(waits_for(route(60'000)), 60 * kSecond);
  EXPECT_EQ(waits_for(route(1'000'000'000)), Router::kLongestTimeout);
}

// A client behind a gateway tells nobody its contact, and enters no table.
TEST_F(RelayTest, AClientBehindAGatewayEntersNoTable) {
  Node& node = start();
  const InboundId request = host.ask(
      contact(kGateway), relay_of(numbered_id(0), numbered_id(7), kNoContact, wire::Ping{123}));
  EXPECT_EQ(std::get<wire::Pong>(replied_as<RelayPtr>(request)->payload).timestamp, 123U);
  host.tell(contact(kGateway),
            relay_of(numbered_id(0), numbered_id(7), kNoContact, wire::Cast{"log", "text"}));
  EXPECT_EQ(application.casts.size(), 1U);
  EXPECT_EQ(node.table().size(), 0U);
  // A client's own messages, to others behind gateways, name no sender either.
  NodeConfig config{behind(2), {}, nullptr, nullptr, nullptr};
  config.client = true;
  Node client(host, book, protocol, config, application);
  client.start();
  client.ping(*book.intern({numbered_id(3), numbered_endpoint(60), numbered_id(60)}), kSecond,
              [](const PingResult&) {});
  EXPECT_EQ(sent_as<RelayPtr>(host.last_request())->sender, kNoContact);
  EXPECT_EQ(sent_as<RelayPtr>(host.last_request())->source, numbered_id(2));
}

TEST_F(RelayTest, NobodyElsePassesAnythingOn) {
  Node& node = start();
  node.add_contact(contact(2));
  node.add_contact(behind(2));
  const InboundId request =
      host.ask(contact(7), relay_of(numbered_id(2), numbered_id(7), contact(7), wire::Ping{1}));
  host.tell(contact(7),
            relay_of(numbered_id(2), numbered_id(7), contact(7), wire::Cast{"log", "text"}));
  EXPECT_TRUE(host.requests.empty());
  EXPECT_TRUE(host.sent.empty());
  EXPECT_EQ(host.reply_to(request), nullptr);
  EXPECT_EQ(host.refused, std::vector<InboundId>{request});
  EXPECT_EQ(node.unhandled(), 2U);
  expect_idle();
}

TEST_F(RelayTest, AGatewayPassesOnSoManyRequestsAndNoMore) {
  Node& node = start_as(contact(kGateway));
  node.add_contact(behind(2));
  for (std::size_t i = 0; i <= Relays::kLimit / 2; ++i) {
    host.ask(contact(7), relay_of(numbered_id(2), numbered_id(7), contact(7), wire::Ping{i}));
  }
  EXPECT_EQ(node.pending(), Relays::kLimit / 2);
  EXPECT_EQ(host.requests.size(), Relays::kLimit / 2);
  EXPECT_EQ(node.unhandled(), 1U);
  EXPECT_EQ(host.refused.size(), 1U);
  host.ask(contact(8), relay_of(numbered_id(2), numbered_id(8), contact(8), wire::Ping{1}));
  EXPECT_EQ(node.unhandled(), 1U);
}

TEST_F(RelayTest, AGatewayPassesBackOnlyWhatIsMeantForWhoeverAsked) {
  Node& node = start_as(contact(kGateway));
  node.add_contact(behind(2));
  const auto ask = [&] {
    return host.ask(contact(7),
                    relay_of(numbered_id(2), numbered_id(7), contact(7), wire::Ping{1}));
  };
  const InboundId bare = ask();
  host.answer(0, wire::Pong{1, 0});
  const InboundId astray = ask();
  host.answer(1, relay_of(numbered_id(9), numbered_id(2), behind(2), wire::Pong{1, 0}));
  const InboundId silent = ask();
  host.fail(2, Failure::timeout);
  EXPECT_EQ(host.refused, (std::vector<InboundId>{bare, astray, silent}));
  EXPECT_TRUE(host.replies.empty());
  expect_idle();
}

// Else whoever sends what nobody answers would fill this node's memory.
TEST_F(RelayTest, WhatIsNotAnsweredIsForgotten) {
  start_as(behind(2));
  const InboundId unanswered =
      host.ask(contact(kGateway),
               relay_of(numbered_id(2), numbered_id(7), contact(7), wire::Subscribe{{"news"}, 0}));
  EXPECT_EQ(host.reply_to(unanswered), nullptr);
  // The same request, told again, would be answered as one that came directly.
  host.ask_as(contact(9), unanswered, wire::Ping{5});
  EXPECT_EQ(replied_as<wire::Pong>(unanswered).timestamp, 5U);
}

}  // namespace
}  // namespace macula::dht
