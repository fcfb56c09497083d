// Peers that speak QUIC and frames but are no QUIC host of ours: Macula 0.8 nodes, and hostile
// ones.
#include "tests/dht/quic/host/stranger.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace macula::dht::quic {
namespace {

using std::chrono::seconds;

class StrangerTest : public testing::Test {
 protected:
  HostTown town;
  Resident& host = town.settle(1);
  Stranger stranger{town, host};
};

TEST_F(StrangerTest, AMacula08NodeThatSendsNoConnectIsServedWithoutAContact) {
  const StreamId stream = stranger.say(encoded(wire::Ping{5}), true);
  stranger.run();
  EXPECT_EQ(stranger.heard[stream], encoded(wire::Pong{5, 0}));
  EXPECT_TRUE(stranger.ended[stream]);
  EXPECT_EQ(stranger.heard.size(), 1U);  // no stream with a CONNECT that nobody asked for
  ASSERT_EQ(host.guest->requests.size(), 1U);
  EXPECT_EQ(host.guest->requests[0].from, kNoContact);
}

TEST_F(StrangerTest, SeveralFramesOnAStreamAreAnsweredThere) {
  const StreamId stream = stranger.say(encoded(wire::Ping{1}) + encoded(wire::Ping{2}), false);
  stranger.run();
  EXPECT_EQ(stranger.heard[stream], encoded(wire::Pong{1, 0}) + encoded(wire::Pong{2, 0}));
  EXPECT_FALSE(stranger.ended[stream]);  // the peer has not ended it
  stranger.engine.write(stranger.connection, stream, encoded(wire::Ping{3}), true);
  stranger.run();
  EXPECT_TRUE(stranger.ended[stream]);
}

TEST_F(StrangerTest, StreamsWaitForTheConnectOfTheFirst) {
  const StreamId first = stranger.say("", false);
  const StreamId second = stranger.say(encoded(wire::Ping{9}), true);
  stranger.run();
  EXPECT_TRUE(host.guest->requests.empty());
  wire::Connect connect;
  connect.node_id = credentials_of(77).id();
  connect.endpoint = "https://11.0.255.255:1000";
  stranger.engine.write(stranger.connection, first, encoded(connect), true);
  stranger.run();
  ASSERT_EQ(host.guest->requests.size(), 1U);
  EXPECT_EQ(host.guest->requests[0].from,
            host.contact(connect.node_id, make_ipv4(0x0b00ffff, 1000)));
  EXPECT_EQ(stranger.heard[second], encoded(wire::Pong{9, 0}));
  EXPECT_EQ(stranger.heard.count(1), 1U);  // the other CONNECT
}

// A first stream that is broken off says that there will be no CONNECT; another one does not.
TEST_F(StrangerTest, StreamsWaitNoLongerOnceTheFirstIsBrokenOff) {
  const StreamId first = stranger.say(encoded(wire::Ping{1}).substr(0, 5), false);
  const StreamId second = stranger.say(encoded(wire::Ping{2}), true);
  const StreamId third = stranger.say(encoded(wire::Ping{3}).substr(0, 5), false);
  stranger.run();
  stranger.engine.abandon(stranger.connection, third, 1);
  stranger.run();
  EXPECT_TRUE(host.guest->requests.empty());
  stranger.engine.abandon(stranger.connection, first, 1);
  stranger.run();
  EXPECT_EQ(stranger.heard[second], encoded(wire::Pong{2, 0}));
  ASSERT_EQ(host.guest->requests.size(), 1U);
  EXPECT_EQ(host.guest->requests[0].from, kNoContact);
}

// Twice what may be queued for a peer, to the byte.
TEST_F(StrangerTest, APeerMayHaveSoMuchOfFramesThatAreNotWhole) {
  for (const std::size_t more : {0U, 1U}) {
    HostTown other_town;
    HostConfig config;
    config.max_queued_per_peer = 20'000;
    Resident& small = other_town.settle(2, config);
    Stranger sender(other_town, small);
    sender.say(encoded(wire::Ping{1}), true);
    const std::string part = encoded(wire::Cast{"x", std::string(90'000, 'y')});
    sender.say(part.substr(0, 25'000), false);
    sender.say(part.substr(0, 15'000 + more), false);
    sender.run();
    EXPECT_EQ(small.host->counters().refused_full, more);
  }
}

TEST_F(StrangerTest, BadFramesEndTheirStreamAndNothingElse) {
  stranger.say(encoded(wire::Ping{1}), true);
  const StreamId garbage = stranger.say("GET / HTTP/1.1\r\n\r\n", true);
  std::string huge = encoded(wire::Ping{1});
  huge[4] = '\x7f';  // announces 2 GiB
  const StreamId large = stranger.say(huge, false);
  const StreamId cut_off = stranger.say(encoded(wire::Ping{1}).substr(0, 11), true);
  const StreamId twice = stranger.say(encoded(wire::Connect{}), true);
  const StreamId good = stranger.say(encoded(wire::Ping{2}), true);
  stranger.run();
  EXPECT_EQ(stranger.heard[good], encoded(wire::Pong{2, 0}));
  for (const StreamId bad : {garbage, large, cut_off, twice}) {
    EXPECT_TRUE(stranger.heard[bad].empty());
  }
  EXPECT_TRUE(stranger.broken[large]);
  EXPECT_EQ(host.host->counters().refused_frames, 4U);
  EXPECT_FALSE(stranger.closed.has_value());
}

// A whole frame whose payload does not fit its type.
TEST_F(StrangerTest, APayloadOfAnotherTypeEndsItsStreamAndNothingElse) {
  stranger.say(encoded(wire::Ping{1}), true);
  std::string wrong = encoded(wire::Ping{1});
  wrong[1] = encoded(wire::FindNode{})[1];
  const StreamId bad = stranger.say(wrong, false);
  const StreamId good = stranger.say(encoded(wire::Ping{2}), true);
  stranger.run();
  EXPECT_TRUE(stranger.broken[bad]);
  EXPECT_EQ(stranger.heard[good], encoded(wire::Pong{2, 0}));
  EXPECT_EQ(host.host->counters().refused_frames, 1U);
  EXPECT_EQ(host.guest->requests.size(), 2U);
}

// However slowly it grows, and whatever came whole before it. Another one has its own time.
TEST_F(StrangerTest, AFrameThatIsNotWholeInTimeIsGivenUp) {
  HostTown other_town;
  HostConfig config;
  config.frame_patience = seconds(10);
  Resident& strict = other_town.settle(2, config);
  Stranger sender(other_town, strict);
  const auto five_seconds = [&] {
    for (int i = 0; i < 50; ++i) sender.run();
  };
  const std::string frame = encoded(wire::Ping{1});
  sender.say(frame, true);
  const StreamId first = sender.say(frame + frame.substr(0, 5), false);
  sender.run();
  five_seconds();
  sender.engine.write(sender.connection, first, frame.substr(5, 1), false);
  sender.say(frame.substr(0, 5), false);
  sender.run();
  EXPECT_EQ(strict.host->counters().late_frames, 0U);
  five_seconds();
  EXPECT_EQ(strict.host->counters().late_frames, 1U);
  EXPECT_EQ(strict.host->unfinished_bytes(), 5U);  // of the second
  five_seconds();
  EXPECT_EQ(strict.host->counters().late_frames, 2U);
  EXPECT_EQ(strict.host->unfinished_bytes(), 0U);
}

TEST_F(StrangerTest, AForgedConnectEndsTheConnection) {
  wire::Connect connect;
  connect.node_id = hash_id("the king");
  connect.endpoint = "11.0.255.255:1000";
  stranger.say(encoded(connect), true);
  stranger.say(encoded(wire::Ping{1}), true);
  stranger.run();
  EXPECT_TRUE(stranger.closed.has_value());
  EXPECT_TRUE(host.guest->requests.empty());
  EXPECT_EQ(host.refused.size(), 1U);
}

TEST_F(StrangerTest, FramesThatAreNeverWholeAreBounded) {
  HostTown other_town;
  HostConfig config;
  config.max_partial = 300'000;
  Resident& small = other_town.settle(2, config);
  Stranger sender(other_town, small);
  sender.say(encoded(wire::Ping{1}), true);
  std::string part = encoded(wire::Cast{"x", std::string(60'000, 'y')});
  part.pop_back();
  for (int i = 0; i < 8; ++i) sender.say(part, false);
  sender.run();
  EXPECT_GE(small.host->counters().refused_full, 3U);
  const StreamId good = sender.say(encoded(wire::Ping{2}), true);
  sender.run();
  EXPECT_EQ(sender.heard[good], encoded(wire::Pong{2, 0}));
}

// Each would leave twenty contacts in the book of whomever it is sent to.
TEST_F(StrangerTest, AnAnswerToNoRequestIsRefusedAndLeavesNoContact) {
  ContactBook others;
  const auto list = [&] {
    ContactList nodes;
    for (std::uint64_t i = 0; i < 20; ++i) {
      nodes.push_back(*others.intern({hash_id(std::to_string(i)), make_ipv4(9, 9), {}}));
    }
    return nodes;
  };
  const std::size_t before = host.book.size();
  std::vector<StreamId> streams;
  const auto say = [&](const wire::Message& message) {
    streams.push_back(stranger.say(wire::encode(message, others), true));
  };
  say(wire::FindNodeReply{list()});
  say(wire::FindValueReply{list()});
  say(wire::Pong{1, 1});
  say(std::make_unique<wire::Relay>(
      wire::Relay{hash_id("x"), hash_id("y"), kNoContact, wire::FindNodeReply{list()}}));
  stranger.run();
  for (const StreamId stream : streams) EXPECT_TRUE(stranger.broken[stream]) << stream;
  EXPECT_EQ(host.book.size(), before);
  EXPECT_TRUE(host.guest->messages.empty());
  EXPECT_EQ(host.host->counters().refused_frames, 4U);
}

}  // namespace
}  // namespace macula::dht::quic
