// Frames that never become whole: which are held, which go, and for how long.
#include <gtest/gtest.h>

#include <deque>
#include <string>

#include "tests/dht/quic/hostile/attacked_node.h"
#include "tests/dht/quic/hostile/stranger.h"

namespace macula::dht::quic {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

wire::Cast large_cast(std::size_t bytes) {
  return wire::Cast{"x", std::string(bytes, 'y')};
}

// Nine clients, each with as much as one may hold.
TEST(HostileFrames, WhatSomeHoldIsTakenFromNobodyElse) {
  HostConfig config;
  config.max_queued_per_peer = kMiB;
  config.max_partial = 8 * kMiB;
  AttackedNode node(config, nullptr, Pace::stepped);
  std::deque<Stranger> strangers;
  for (std::uint64_t i = 0; i < 9; ++i) {
    Stranger& stranger = strangers.emplace_back(node, 100 + i);
    stranger.greet();
    for (int part = 0; part < 10; ++part) stranger.begin(large_cast(200'000));
  }
  node.run(seconds(3));
  EXPECT_EQ(missed_by_newcomer(node, 900, seconds(1)), "");
  // A whole frame of many datagrams comes through, too.
  Stranger honest(node, 901);
  honest.greet();
  const StreamId large =
      honest.ask(call_of("echo", 1, seconds(5), '"' + std::string(200'000, 'z') + '"'));
  EXPECT_TRUE(node.run_until([&] { return honest.ended.contains(large); }, seconds(1)));
  EXPECT_FALSE(honest.broken.contains(large));
  EXPECT_TRUE(node.serves(seconds(1)));
}

TEST(HostileFrames, AFrameHasATimeLimit) {
  AttackedNode node({}, nullptr, Pace::stepped);
  Stranger stranger(node);
  stranger.greet();
  const StreamId first = stranger.begin(wire::Ping{1});
  const StreamId large = stranger.begin(large_cast(100'000));
  node.run(seconds(10));
  // A byte now and then does not renew it.
  const std::string slow = encoded(wire::FindNode{hash_id("x")});
  const StreamId trickle = stranger.say(slow.substr(0, 8), false);
  for (std::size_t i = 8; i < 17; ++i) {
    stranger.engine.write(stranger.connection, trickle, slow.substr(i, 1), false);
    node.run(seconds(10));
  }
  EXPECT_TRUE(node.run_until(
      [&] {
        return stranger.broken.contains(first) && stranger.broken.contains(large) &&
               stranger.broken.contains(trickle);
      },
      minutes(1)));
  EXPECT_FALSE(stranger.closed.has_value());
}

// Bytes that come before CONNECT is whole wait for it, and count all the same.
TEST(HostileFrames, WhatWaitsForAGreetingIsCountedToo) {
  HostConfig config;
  config.max_partial = 2 * kMiB;
  AttackedNode node(config, nullptr, Pace::stepped);
  std::deque<Stranger> strangers;
  for (std::uint64_t i = 0; i < 20; ++i) {
    Stranger& stranger = strangers.emplace_back(node, 100 + i);
    stranger.begin(wire::Ping{1});
    for (int part = 0; part < 4; ++part) stranger.begin(large_cast(200'000));
  }
  node.run(seconds(2));
  EXPECT_LE(node.target.host->unfinished_bytes(),
            config.max_partial + 20 * (std::size_t{256} << 10));
  EXPECT_EQ(missed_by_newcomer(node, 900, seconds(1)), "");
}

// Whole ones are read, and nothing is left of them, though their streams stay open.
TEST(HostileFrames, OpenStreamsHoldNothingOfWhatWasRead) {
  AttackedNode node({}, nullptr, Pace::stepped);
  Stranger stranger(node);
  stranger.greet();
  node.run(seconds(1));
  const std::size_t before = resident_bytes();
  for (int i = 0; i < 100; ++i) {
    stranger.say(encoded(large_cast(900'000)), false);
    node.run(std::chrono::milliseconds(50));
  }
  node.run(seconds(2));
  EXPECT_LE(resident_bytes(), before + 32 * kMiB);
  EXPECT_FALSE(stranger.closed.has_value());
}

// Answers that a peer does not read take little room where many peers do the same.
TEST(HostileFrames, AnswersThatNobodyReadsAreFew) {
  HostConfig config;
  config.max_queued = 8 * kMiB;
  AttackedNode node(config, nullptr, Pace::stepped);
  const Key key = hash_id("large");
  Stranger writer(node, 99);
  writer.greet();
  writer.ask(wire::Store{
      key, {std::make_shared<const wire::Value>(wire::Value{std::string(400'000, 'v')})}});
  node.run(seconds(1));
  std::deque<Stranger> strangers;
  for (std::uint64_t i = 0; i < 16; ++i) {
    Stranger& stranger = strangers.emplace_back(node, 100 + i);
    stranger.reads = false;
    stranger.greet();
    for (int asked = 0; asked < 16; ++asked) stranger.ask(wire::FindValue{key});
    node.run(std::chrono::milliseconds(100));
  }
  EXPECT_GE(node.engine().queued(), 4 * kMiB);
  EXPECT_LE(node.engine().queued(), config.max_queued + 16 * (std::size_t{256} << 10));
  EXPECT_EQ(missed_by_newcomer(node, 900, seconds(1)), "");
}

}  // namespace
}  // namespace macula::dht::quic
