// A QUIC host that hears answers that are none, and whose streams or connections end early.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/dht/quic/host/stranger.h"

namespace macula::dht::quic {
namespace {

using std::chrono::minutes;

// A stranger that has said who it is, so that the host can ask it.
class Answers : public testing::Test {
 protected:
  void greet() {
    wire::Connect connect;
    connect.node_id = credentials_of(77).id();
    connect.endpoint = "https://11.0.255.255:1000";
    stranger.say(encoded(connect), true);
    stranger.run();
  }
  ContactRef contact() {
    return host.contact(credentials_of(77).id(), make_ipv4(0x0b00ffff, 1000));
  }
  // The stream of the host that was opened last.
  StreamId last_stream() { return stranger.heard.rbegin()->first; }
  // How the host's request ends where this is what comes back.
  conformance::Asked asked_and_told(const std::string& bytes, bool fin) {
    const Token token = host.guest->ask(contact(), minutes(1));
    stranger.run();
    stranger.engine.write(stranger.connection, last_stream(), bytes, fin);
    stranger.run();
    return host.guest->asked[token];
  }

  static HostConfig tight() {
    HostConfig config;
    config.max_partial = 300'000;
    return config;
  }
  HostTown town;
  Resident& host = town.settle(1, tight());
  Stranger stranger{town, host};
};

TEST_F(Answers, WhatIsNoFrameOrDoesNotFitItsTypeFailsItsRequestAtOnce) {
  greet();
  EXPECT_EQ(asked_and_told(encoded(wire::Pong{0, 0}), true).replies, 1);
  std::string wrong = encoded(wire::Pong{0, 0});
  wrong[1] = encoded(wire::FindNodeReply{})[1];
  std::uint64_t refused = 0;
  for (const std::string& bad : {std::string("GET / HTTP/1.1\r\n\r\n"), wrong}) {
    const conformance::Asked asked = asked_and_told(bad, false);
    EXPECT_EQ(asked.failures, 1);
    EXPECT_EQ(asked.failure, Failure::refused);
    EXPECT_TRUE(stranger.broken[last_stream()]);
    EXPECT_EQ(host.host->counters().refused_frames, ++refused);
  }
  EXPECT_EQ(asked_and_told(encoded(wire::Pong{0, 0}), true).replies, 1);
  EXPECT_FALSE(stranger.closed.has_value());
}

TEST_F(Answers, AStreamThatEndsWithoutAFrameFailsItsRequestAtOnce) {
  greet();
  for (const std::size_t part : {0U, 5U}) {
    const conformance::Asked asked =
        asked_and_told(encoded(wire::Pong{0, 0}).substr(0, part), true);
    EXPECT_EQ(asked.failures, 1);
    EXPECT_EQ(asked.failure, Failure::refused);
  }
}

TEST_F(Answers, ThatAreNeverWholeAreBounded) {
  greet();
  std::string part = encoded(wire::Reply{{}, std::string(60'000, 'y')});
  part.pop_back();
  std::vector<Token> tokens;
  for (int i = 0; i < 8; ++i) {
    tokens.push_back(host.guest->ask(contact(), minutes(1)));
    stranger.run();
    stranger.engine.write(stranger.connection, last_stream(), part, false);
    stranger.run();
  }
  EXPECT_LE(host.host->unfinished_bytes(), 300'000U);
  int refused = 0;
  for (const Token token : tokens) {
    const conformance::Asked& asked = host.guest->asked[token];
    if (asked.failures == 1 && asked.failure == Failure::refused) ++refused;
  }
  EXPECT_GE(refused, 3);
  EXPECT_EQ(host.host->counters().refused_full, static_cast<std::uint64_t>(refused));
}

TEST_F(Answers, AOneWayMessageEndsWithItsStream) {
  greet();
  for (const bool broken : {false, true}) {
    host.guest->send(contact(), 1);
    stranger.run();
    EXPECT_EQ(host.host->pending(), 1U);
    if (broken) {
      stranger.engine.abandon(stranger.connection, last_stream(), 1);
    } else {
      stranger.engine.write(stranger.connection, last_stream(), {}, true);
    }
    stranger.run();
    EXPECT_EQ(host.host->pending(), 0U);
  }
}

// The code says that it may have been handed over: to send it again might hand it over twice.
TEST_F(Answers, AOneWayMessageEndsWithItsConnection) {
  greet();
  host.guest->send(contact(), 1);
  town.run(std::chrono::milliseconds(1));  // sent, and lost on the way
  stranger.engine.close(stranger.connection, 7, "crowded");
  stranger.run();
  EXPECT_EQ(host.host->pending(), 0U);
}

}  // namespace
}  // namespace macula::dht::quic
