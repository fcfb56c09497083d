// Requests that nobody answers, and routes that lead nowhere: how much of a node one peer takes.
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/dht/quic/hostile/attacked_node.h"
#include "tests/dht/quic/hostile/stranger.h"

namespace macula::dht::quic {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// A ping for a node that is behind no gateway of this network.
std::string relay_to_nobody(const Stranger& from, int number) {
  auto relay = std::make_unique<wire::Relay>();
  relay->destination = hash_id("nobody " + std::to_string(number));
  relay->source = from.credentials.id();
  relay->payload = wire::Ping{1};
  return encoded(std::move(relay));
}

// A call of the neighbour, to be passed on by the node.
std::string route_to_neighbour(const AttackedNode& node, const Stranger& from, wire::Call call) {
  wire::RpcRoute route{node.neighbour.credentials.id(), from.credentials.id(), 1, 10, nullptr};
  route.payload = std::make_unique<std::variant<wire::Call, wire::Reply>>(std::move(call));
  return encoded(std::move(route));
}

// The node knows the neighbour: a stranger's route for it is passed on, and answered.
bool routes_for(AttackedNode& node, std::uint64_t number, Duration limit) {
  Stranger caller(node, number);
  caller.greet();
  const StreamId asked =
      caller.say(route_to_neighbour(node, caller, call_of("echo", 1, seconds(5))), true);
  if (!node.run_until([&] { return caller.answered(asked); }, limit)) return false;
  const auto answer = caller.answer(asked);
  const auto* route = answer ? std::get_if<wire::RpcRoute>(&*answer) : nullptr;
  const auto* reply = route == nullptr ? nullptr : std::get_if<wire::Reply>(route->payload.get());
  return reply != nullptr && std::holds_alternative<wire::Bytes>(reply->outcome);
}

// A node with room for few requests, of which one stranger asks more than that.
struct Flooded {
  Flooded() : node(limited(), nullptr, Pace::stepped), stranger(node) { stranger.greet(); }

  // A newcomer is served all the same.
  void flood(std::string frames) {
    stranger.say(std::move(frames), false);
    node.run(seconds(2));
    EXPECT_EQ(missed_by_newcomer(node, 900, seconds(1)), "");
  }

  static HostConfig limited() {
    HostConfig config;
    config.max_inbound = 4096;
    return config;
  }

  AttackedNode node;
  Stranger stranger;
};

TEST(HostileRequests, ThoseThatNobodyAnswersLeaveRoomForOthers) {
  Flooded flooded;
  AttackedNode& node = flooded.node;
  std::string frames;
  for (int i = 0; i < 4096; ++i) frames += relay_to_nobody(flooded.stranger, i);
  flooded.flood(std::move(frames));
  EXPECT_TRUE(node.serves(seconds(1)));
}

// The same with calls that the node's application takes its time to answer.
TEST(HostileRequests, CallsThatTakeLongLeaveRoomForOthers) {
  Flooded flooded;
  AttackedNode& node = flooded.node;
  std::string frames;
  for (int i = 0; i < 8192; ++i)
    frames += encoded(call_of("takes for ever", static_cast<std::uint32_t>(i), minutes(10)));
  flooded.flood(std::move(frames));
  Stranger caller(node, 901);
  caller.greet();
  const StreamId called = caller.ask(call_of("echo", 1, seconds(5)));
  EXPECT_TRUE(node.run_until([&] { return caller.answered(called); }, seconds(1)));
  const auto answer = caller.answer(called);
  ASSERT_TRUE(answer);
  EXPECT_TRUE(std::holds_alternative<wire::Bytes>(std::get<wire::Reply>(*answer).outcome));
}

TEST(HostileRequests, RoutesOfOnePeerLeaveRoomForOthers) {
  AttackedNode node({}, nullptr, Pace::stepped);
  ASSERT_TRUE(routes_for(node, 900, seconds(1)));
  Stranger stranger(node);
  stranger.greet();
  std::string frames;
  for (int i = 0; i < 4200; ++i) {
    frames += route_to_neighbour(
        node, stranger, call_of("takes for ever", static_cast<std::uint32_t>(i), minutes(10)));
  }
  stranger.say(std::move(frames), false);
  node.run(seconds(2));
  EXPECT_TRUE(routes_for(node, 901, seconds(1)));
}

// A route is kept until it is answered: large ones count for several.
TEST(HostileRequests, LargeRoutesAreFew) {
  AttackedNode node({}, nullptr, Pace::stepped);
  ASSERT_TRUE(routes_for(node, 900, seconds(1)));
  Stranger stranger(node);
  stranger.greet();
  for (int i = 0; i < 60; ++i) {
    wire::Call call = call_of("takes for ever", static_cast<std::uint32_t>(i), minutes(10),
                              std::string(900'000, '1'));
    stranger.say(route_to_neighbour(node, stranger, std::move(call)), true);
    node.run(std::chrono::milliseconds(100));
  }
  const std::size_t pending = node.target.node->health().pending;
  EXPECT_GE(pending, 4U);
  EXPECT_LE(pending, 45U);  // of 64 MiB one has half, which is 36
  EXPECT_TRUE(routes_for(node, 901, seconds(1)));
}

// Messages for a node that said it is behind this one, and went.
TEST(HostileRequests, WhatWaitsForANodeThatWentLeavesRoomForOthers) {
  AttackedNode node({}, nullptr, Pace::stepped);
  ASSERT_TRUE(node.gets_to_know_neighbour());
  NodeId gone;
  {
    Stranger behind(node, 200);
    gone = behind.credentials.id();
    behind.greet(node.endpoint(), {"relay:" + id_to_hex(node.target.credentials.id())});
    node.run(seconds(1));
  }
  node.run(seconds(1));
  Stranger stranger(node);
  stranger.greet();
  std::string frames;
  for (int i = 0; i < 3000; ++i) {
    auto relay = std::make_unique<wire::Relay>();
    relay->destination = gone;
    relay->source = stranger.credentials.id();
    relay->payload = wire::Cast{"x", "1"};
    frames += encoded(std::move(relay));
  }
  stranger.say(std::move(frames), false);
  node.run(seconds(2));
  EXPECT_GE(node.target.host->pending(), 200U);
  EXPECT_LE(node.target.host->pending(), 260U);
  EXPECT_TRUE(node.gets_to_know_neighbour());
}

TEST(HostileRequests, ARouteEndsWithItsAsker) {
  AttackedNode node({}, nullptr, Pace::stepped);
  {
    Stranger stranger(node);
    stranger.greet();
    for (int i = 0; i < 100; ++i) {
      stranger.say(
          route_to_neighbour(node, stranger,
                             call_of("takes for ever", static_cast<std::uint32_t>(i), minutes(10))),
          true);
    }
    ASSERT_TRUE(
        node.run_until([&] { return node.target.node->health().pending >= 100; }, kPatience));
  }
  EXPECT_TRUE(node.run_until([&] { return node.target.node->health().pending == 0; }, seconds(1)));
  EXPECT_EQ(node.target.host->pending(), 0U);
}

// No route waits for long, whatever its call says and though its asker stays.
TEST(HostileRequests, NoRouteWaitsForLong) {
  AttackedNode node({}, nullptr, Pace::stepped);
  Stranger stranger(node);
  stranger.greet();
  const StreamId asked = stranger.say(
      route_to_neighbour(node, stranger, call_of("takes for ever", 1, minutes(10))), true);
  EXPECT_TRUE(node.run_until([&] { return stranger.answered(asked); }, minutes(3)));
}

}  // namespace
}  // namespace macula::dht::quic
