// Peers with a key of their own, and bad manners.
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "dht/wire/value.h"
#include "tests/dht/quic/hostile/attacked_node.h"
#include "tests/dht/quic/hostile/stranger.h"

namespace macula::dht::quic {
namespace {

using std::chrono::seconds;

constexpr std::size_t kMostStreams = 1024;
constexpr std::uint64_t kForgedId = 4;  // code of the close, dht/quic/host/core.h

bool connect(AttackedNode& node, Stranger& stranger) {
  return node.run_until([&] { return stranger.up; }, kPatience);
}

wire::SharedValue value_of(std::string text) {
  return std::make_shared<const wire::Value>(wire::Value{std::move(text)});
}

TEST(HostilePeers, AFloodOfStreamsStaysAtTheLimit) {
  AttackedNode node;
  Stranger stranger(node);
  ASSERT_TRUE(connect(node, stranger));
  const std::size_t before = resident_bytes();
  // None ever ends; the first brings a whole frame, so that all are read.
  stranger.say(encoded(wire::Ping{1}), false);
  for (int i = 0; i < 5000; ++i) stranger.say(encoded(wire::Ping{2}).substr(0, 9), false);
  const auto open = [&] {
    std::size_t most = 0;
    for (std::uint64_t id = 0; id < 8; ++id) {
      most = std::max(most, node.engine().streams(static_cast<ConnectionId>(id)));
    }
    return most;
  };
  EXPECT_TRUE(node.run_until([&] { return open() >= 1000; }, kPatience));
  node.run(seconds(1));
  EXPECT_TRUE(node.serves());
  EXPECT_LE(resident_bytes(), before + 16 * kMiB);
  EXPECT_FALSE(stranger.closed.has_value());
  EXPECT_LE(open(), kMostStreams + 1);  // and one of the node's own
}

TEST(HostilePeers, FramesThatNeverEndAreHeldUpToALimit) {
  HostConfig config;
  config.max_queued_per_peer = std::size_t{1} << 20;
  AttackedNode node(config);
  Stranger stranger(node);
  ASSERT_TRUE(connect(node, stranger));
  stranger.say(encoded(wire::Ping{1}), true);
  std::string part = encoded(wire::Cast{"x", std::string(200'000, 'y')});
  part.pop_back();
  const std::size_t before = resident_bytes();
  for (int i = 0; i < 100; ++i) stranger.say(part, false);  // 20 MB
  EXPECT_TRUE(
      node.run_until([&] { return node.target.host->counters().refused_full >= 80; }, kPatience));
  EXPECT_TRUE(node.serves());
  // The stranger lives in this process, too, and keeps what was not acknowledged.
  EXPECT_LE(resident_bytes(), before + 16 * kMiB);
}

TEST(HostilePeers, WhoDoesNotReadIsOwedNoMoreThanTheLimit) {
  RecordStore records;
  AttackedNode node({}, &records);
  const Key key = hash_id("large");
  records.put(key, value_of(std::string(200'000, 'z')));
  Stranger stranger(node);
  stranger.reads = false;
  ASSERT_TRUE(connect(node, stranger));
  const std::size_t before = resident_bytes();
  for (int i = 0; i < 400; ++i)
    stranger.say(encoded(wire::FindValue{key}), true);  // asks for 80 MB
  const QuicHost::Counters& counters = node.counters();
  EXPECT_TRUE(node.run_until([&] { return counters.refused_requests >= 300; }, kPatience));
  const std::size_t bound = HostConfig{}.max_queued_per_peer;
  EXPECT_TRUE(node.serves());
  EXPECT_LE(resident_bytes(), before + bound + 8 * kMiB);
  // No answer is made that is not sent.
  EXPECT_EQ(counters.refused_full, 0U);
}

TEST(HostilePeers, AByteAtATimeDelaysNobodyElse) {
  AttackedNode node;
  Stranger stranger(node);
  ASSERT_TRUE(connect(node, stranger));
  const std::string ping = encoded(wire::Ping{7});
  const StreamId stream = stranger.say(ping.substr(0, 1), false);
  for (std::size_t i = 1; i < ping.size(); ++i) {
    EXPECT_TRUE(stranger.heard[stream].empty());
    stranger.engine.write(stranger.connection, stream, ping.substr(i, 1), i + 1 == ping.size());
    EXPECT_TRUE(node.serves());
  }
  EXPECT_TRUE(node.run_until([&] { return stranger.ended.contains(stream); }, kPatience));
}

TEST(HostilePeers, AFrameOverTheLimitEndsItsStreamAtOnce) {
  AttackedNode node;
  Stranger stranger(node);
  ASSERT_TRUE(connect(node, stranger));
  stranger.say(encoded(wire::Ping{1}), true);
  std::string huge = encoded(wire::Ping{1});
  huge[4] = '\x7f';  // announces 2 GiB
  const StreamId large = stranger.say(huge, false);
  EXPECT_TRUE(node.run_until([&] { return stranger.broken.contains(large); }, kPatience));
  EXPECT_EQ(node.target.host->counters().refused_frames, 1U);
  const StreamId good = stranger.say(encoded(wire::Ping{2}), true);
  EXPECT_TRUE(node.run_until([&] { return stranger.ended.contains(good); }, kPatience));
  EXPECT_FALSE(stranger.closed.has_value());
}

TEST(HostilePeers, AForgedIdEndsTheConnectionAndEntersNoTable) {
  AttackedNode node;
  const std::size_t known = node.target.node->table().size();
  for (std::uint64_t i = 0; i < 20; ++i) {
    Stranger stranger(node, 100 + i);
    wire::Connect forged;
    forged.node_id = hash_id("forged " + std::to_string(i));
    forged.endpoint = format_endpoint(stranger.socket.local());
    stranger.say(encoded(forged), true);
    stranger.say(encoded(wire::FindNode{forged.node_id}), true);
    EXPECT_TRUE(node.run_until([&] { return stranger.closed.has_value(); }, kPatience));
    EXPECT_EQ(stranger.closed->code, kForgedId);
  }
  EXPECT_EQ(node.target.host->counters().refused_identity, 20U);
  EXPECT_EQ(node.target.node->table().size(), known);
  EXPECT_TRUE(node.serves());
}

TEST(HostilePeers, AnotherKeyThanTheContactSaysIsRefusedWithNothingSaid) {
  AttackedNode node;
  Stranger impostor(node, Stranger::Listens{}, 55);
  std::optional<PingResult> result;
  const ContactRef victim =
      *node.target.book.intern({hash_id("the victim"), impostor.socket.local(), std::nullopt});
  node.target.host->advance(node.loop->now());
  node.target.node->ping(victim, seconds(5), [&](const PingResult& each) { result = each; });
  EXPECT_TRUE(node.run_until([&] { return result.has_value(); }, kPatience));
  EXPECT_FALSE(result->answered);
  EXPECT_GE(node.target.host->counters().refused_identity, 1U);
  EXPECT_FALSE(impostor.up);
  EXPECT_TRUE(impostor.heard.empty());
  EXPECT_TRUE(node.serves());
}

TEST(HostilePeers, AnotherProtocolIsRefused) {
  AttackedNode node;
  EngineConfig config;
  config.alpn = "h3";
  Stranger stranger(node, 77, config);
  EXPECT_TRUE(node.run_until([&] { return stranger.closed.has_value(); }, kPatience));
  EXPECT_FALSE(stranger.up);
  EXPECT_EQ(stranger.closed->cause, CloseCause::tls);
  EXPECT_TRUE(node.serves());
}

TEST(HostilePeers, AFloodOfStoresFillsTheStoreAndNoMore) {
  RecordStore::Limits limits;
  limits.keys = 4096;
  RecordStore records(limits);
  AttackedNode node({}, &records);
  const Key first = hash_id("first");
  records.put(first, value_of("kept"));
  Stranger stranger(node);
  ASSERT_TRUE(connect(node, stranger));
  constexpr std::size_t kStores = 20'000;
  std::string frames;
  for (std::size_t i = 0; i < kStores; ++i) {
    frames += encoded(wire::Store{hash_id("flood " + std::to_string(i)), {value_of("x")}});
    if (i % 100 == 99) stranger.say(std::exchange(frames, {}), true);
  }
  EXPECT_TRUE(
      node.run_until([&] { return records.refused() + records.size() >= kStores; }, kPatience));
  EXPECT_EQ(records.size(), limits.keys);
  EXPECT_EQ(records.refused(), kStores + 1 - limits.keys);
  EXPECT_NE(records.find(first), nullptr);
  EXPECT_TRUE(node.serves());
}

}  // namespace
}  // namespace macula::dht::quic
