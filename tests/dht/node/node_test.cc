#include "dht/node/node.h"

#include "tests/dht/node/node_fixture.h"

namespace macula::dht {
namespace {

using Ping = Kept<PingResult>;

TEST_F(NodeTest, PingIsAnsweredByAPongThatEchoes) {
  Node& node = start();
  host.advance(1500 * kMillisecond);
  Ping ping;
  node.ping(contact(1), 5 * kSecond, ping.done());
  EXPECT_EQ(node.pending(), 1U);
  EXPECT_EQ(sent_as<wire::Ping>(0).timestamp, 1500U);
  EXPECT_EQ(host.requests[0].to, contact(1));
  host.advance(30 * kMillisecond);
  host.answer(0, wire::Pong{1500, 77});
  EXPECT_EQ(ping.times, 1);
  EXPECT_TRUE(ping.result.answered);
  EXPECT_EQ(ping.result.elapsed, 30 * kMillisecond);
  expect_idle();
}

TEST_F(NodeTest, APongOfAnotherPingIsNoAnswer) {
  Node& node = start();
  Ping ping;
  node.ping(contact(1), 5 * kSecond, ping.done());
  host.answer(0, wire::Pong{1, 0});
  EXPECT_EQ(ping.times, 1);
  EXPECT_FALSE(ping.result.answered);
  node.ping(contact(1), 5 * kSecond, ping.done());
  host.answer(1, wire::FindNodeReply{});
  EXPECT_EQ(ping.times, 2);
  EXPECT_FALSE(ping.result.answered);
  expect_idle();
}

TEST_F(NodeTest, PingOfASilentPeerTimesOut) {
  Node& node = start();
  Ping ping;
  node.ping(contact(1), 5 * kSecond, ping.done());
  host.advance(5 * kSecond - Duration{1});
  EXPECT_EQ(ping.times, 0);
  host.advance(Duration{1});
  EXPECT_EQ(ping.times, 1);
  EXPECT_FALSE(ping.result.answered);
  EXPECT_EQ(ping.result.failure, Failure::timeout);
  EXPECT_EQ(ping.result.elapsed, 5 * kSecond);
  expect_idle();
}

TEST_F(NodeTest, PingsAtOnceDoNotMixUp) {
  Node& node = start();
  Ping first;
  Ping second;
  node.ping(contact(1), 5 * kSecond, first.done());
  host.advance(kSecond);
  node.ping(contact(2), 5 * kSecond, second.done());
  host.answer(1, wire::Pong{1000, 0});
  EXPECT_EQ(first.times, 0);
  EXPECT_TRUE(second.result.answered);
  host.answer(0, wire::Pong{0, 0});
  EXPECT_TRUE(first.result.answered);
}

TEST_F(NodeTest, AnswersAPing) {
  start();
  host.advance(2 * kSecond);
  const wire::Pong& pong = replied_as<wire::Pong>(host.ask(contact(1), wire::Ping{123}));
  EXPECT_EQ(pong.timestamp, 123U);
  EXPECT_EQ(pong.server_time, 2000U);
}

TEST_F(NodeTest, WhoeverIsHeardFromEntersTheTable) {
  Node& node = start();
  host.ask(contact(1), wire::Ping{1});
  host.tell(contact(2), wire::Store{hash_id("key"), {text("value")}});
  Ping ping;
  node.ping(contact(3), kSecond, ping.done());
  EXPECT_FALSE(node.table().contains(contact(3)));
  host.answer(0, wire::Pong{0, 0});
  node.ping(contact(4), kSecond, ping.done());
  host.advance(kSecond);
  EXPECT_TRUE(node.table().contains(contact(1)));
  EXPECT_TRUE(node.table().contains(contact(2)));
  EXPECT_TRUE(node.table().contains(contact(3)));
  EXPECT_FALSE(node.table().contains(contact(4)));  // said nothing
}

TEST_F(NodeTest, MessagesThatConcernNobodyAreCounted) {
  Node& node = start();
  host.tell(contact(1), wire::Publish{});
  host.tell(contact(1), wire::Pong{});
  const InboundId request = host.ask(contact(1), wire::Subscribe{});
  EXPECT_EQ(node.unhandled(), 3U);
  EXPECT_EQ(host.reply_to(request), nullptr);
}

TEST_F(NodeTest, ACastReachesTheApplication) {
  Node& node = start();
  host.tell(contact(1), wire::Cast{"log", "text"});
  EXPECT_EQ(application.casts, (std::vector<std::string>{"log text"}));
  node.cast(contact(2), "log", "more");
  ASSERT_EQ(host.sent.size(), 1U);
  EXPECT_EQ(host.sent[0].to, contact(2));
  EXPECT_EQ(std::get<wire::Cast>(host.sent[0].message).args, "more");
}

TEST_F(NodeTest, TakesOverContactsAndRecords) {
  Node& node = start();
  node.add_contact(contact(1));
  ASSERT_TRUE(node.store_local(hash_id("key"), text("value")));
  FakeHost other_host;
  Node heir(other_host, book, protocol, {contact(0), {}, nullptr}, application);
  heir.take_over(node);
  EXPECT_TRUE(heir.table().contains(contact(1)));
  EXPECT_NE(heir.records().find(hash_id("key")), nullptr);
}

}  // namespace
}  // namespace macula::dht
