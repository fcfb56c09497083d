// Datagrams from nobody in particular, at a node that has a neighbour to serve.
#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

#include "tests/dht/quic/hostile/attacked_node.h"
#include "tests/dht/quic/hostile/stranger.h"

namespace macula::dht::quic {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

HostConfig impatient() {
  HostConfig config;
  config.engine.handshake_timeout = seconds(1);
  return config;
}

// Sends, and gives the node its turn often enough that the system drops nothing.
void throw_at(AttackedNode& node, UdpSocket& from, const std::vector<std::string>& datagrams) {
  std::size_t sent = 0;
  for (const std::string& datagram : datagrams) {
    from.send(node.endpoint(), datagram);
    if (++sent % 64 == 0) {
      from.flush();
      node.settle();
    }
  }
  from.flush();
  node.settle();
}

std::size_t drain(UdpSocket& socket) {
  std::size_t bytes = 0;
  while (socket.receive(
             [&](const Endpoint&, std::string_view datagram) { bytes += datagram.size(); }) > 0) {
  }
  return bytes;
}

TEST(HostileDatagrams, TwentyThousandOfGarbageAndPiecesLeaveNothing) {
  AttackedNode node(impatient());
  SeededRandom random(5);
  const std::vector<std::string> firsts = first_datagrams(20);
  std::vector<std::string> garbage;
  for (int i = 0; i < 20000; ++i) {
    std::string bytes;
    if (i % 2 == 0) {
      bytes = firsts[random.draw() % firsts.size()];
      bytes.resize(1 + random.draw() % (bytes.size() - 1));
    } else {
      bytes.resize(1 + random.draw() % 1400);
      random.fill(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size());
    }
    garbage.push_back(std::move(bytes));
  }
  const std::uint64_t in = node.engine().counters().datagrams_in;
  const std::size_t before = resident_bytes();
  UdpSocket socket = loopback_socket();
  throw_at(node, socket, garbage);
  EXPECT_TRUE(node.serves());
  EXPECT_GE(node.engine().counters().datagrams_in - in, 19900U);
  EXPECT_LE(resident_bytes(), before + 8 * kMiB);
  EXPECT_EQ(node.engine().connections(), 1U);
  node.target.host->check_invariants();
}

// An attacker that can write a victim's address on a datagram makes the node send the victim three
// times as many bytes at most.
TEST(HostileDatagrams, AnUnprovenAddressGetsAtMostThreeTimesWhatItSent) {
  AttackedNode node(impatient());
  UdpSocket victim = loopback_socket();
  std::vector<std::string> firsts = first_datagrams(40);
  std::vector<std::string> replayed;
  std::vector<std::string> unknown;  // short headers, for nobody: a stateless reset may answer
  std::vector<std::string> foreign;  // of a version that nobody speaks
  for (const std::string& first : firsts) {
    for (int replay = 0; replay < 3; ++replay) replayed.push_back(first);
    unknown.push_back('\x40' + first.substr(1, 59));
    foreign.push_back(first);
    foreign.back()[1] = '\x5a';
  }
  for (const auto& datagrams : {unknown, foreign, replayed}) {
    std::size_t sent = 0;
    for (const std::string& datagram : datagrams) sent += datagram.size();
    throw_at(node, victim, datagrams);
    node.run(milliseconds(1200));  // packets sent again count, too
    const std::size_t received = drain(victim);
    EXPECT_GT(received, 0U);
    EXPECT_LE(received, 3 * sent);
    std::printf("sent %zu bytes, received %zu\n", sent, received);
  }
  // Each alone, replayed by another: nothing more than for a first one.
  for (const std::string& first : {firsts[0], firsts[1]}) {
    UdpSocket other = loopback_socket();
    throw_at(node, other, {first});
    node.run(milliseconds(1200));
    EXPECT_LE(drain(other), 3 * first.size());
  }
  EXPECT_TRUE(node.serves());
}

TEST(HostileDatagrams, AFloodOfHandshakesIsAnsweredWithRetryAndHurtsNobody) {
  HostConfig config = impatient();
  config.engine.handshake_timeout = seconds(10);
  AttackedNode node(config);
  const std::vector<std::string> firsts = first_datagrams(600);
  UdpSocket socket = loopback_socket();
  const std::size_t before = resident_bytes();
  for (int round = 0; round < 8; ++round) {
    throw_at(node, socket, firsts);
    EXPECT_TRUE(node.serves());
    drain(socket);
  }
  EXPECT_EQ(node.highest_half_open, config.engine.retry_above);
  EXPECT_LE(node.engine().connections(), config.engine.retry_above + 1);
  EXPECT_GE(node.engine().counters().retries_sent, 4000U);
  EXPECT_LE(resident_bytes(), before + 16 * kMiB);
  Stranger honest(node);
  EXPECT_TRUE(node.run_until([&] { return honest.up; }, kPatience));
  // And the half-open ones are gone when their time is over.
  EXPECT_TRUE(node.run_until([&] { return node.engine().half_open() == 0; }, kPatience));
}

TEST(HostileDatagrams, HandshakesThatNeverEndAreEnded) {
  HostConfig config;
  config.engine.handshake_timeout = seconds(3);
  AttackedNode node(config);
  UdpSocket socket = loopback_socket();
  const std::vector<std::string> firsts = first_datagrams(60);
  throw_at(node, socket, firsts);
  EXPECT_EQ(node.engine().half_open(), 60U);
  // Going on with the first flight keeps none alive.
  for (int i = 0; i < 5; ++i) {
    throw_at(node, socket, firsts);
    node.run(milliseconds(150));
  }
  EXPECT_TRUE(node.run_until([&] { return node.engine().connections() == 1; }, kPatience));
  EXPECT_TRUE(node.serves());
}

}  // namespace
}  // namespace macula::dht::quic
