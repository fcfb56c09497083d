// The traffic that a node can be made to send to somebody who never asked for it.
#include <gtest/gtest.h>

#include <deque>
#include <string>

#include "tests/dht/quic/hostile/attacked_node.h"
#include "tests/dht/quic/hostile/stranger.h"

namespace macula::dht::quic {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// Counts what it is sent.
class Sink {
 public:
  explicit Sink(AttackedNode& node) : node_(node), socket_(loopback_socket()) {
    node_.add(socket_);
    watch_ = node_.loop->watch(socket_.fd(), EPOLLIN, [this](std::uint32_t) {
      while (socket_.receive([this](const Endpoint&, std::string_view datagram) {
        ++datagrams;
        bytes += datagram.size();
      }) == UdpSocket::kBatch) {
      }
    });
  }
  ~Sink() {
    node_.loop->forget(*watch_);
    node_.remove(socket_);
  }
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  [[nodiscard]] Endpoint endpoint() const { return socket_.local(); }

  std::size_t datagrams = 0;
  std::size_t bytes = 0;

 private:
  AttackedNode& node_;
  UdpSocket socket_;
  std::optional<Loop::WatchId> watch_;
};

wire::SharedValue text(std::string value) {
  return std::make_shared<const wire::Value>(wire::Value{std::move(value)});
}

// 40 KB that the node passes on to whoever comes anew.
void store_forty_records(AttackedNode& node) {
  node.neighbour.host->advance(node.loop->now());
  node.neighbour.node->add_contact(node.contact_of_target());
  for (int i = 0; i < 40; ++i) {
    node.neighbour.node->store(hash_id("record " + std::to_string(i)), text(std::string(1000, 'x')),
                               {}, [](StoreResult&) {});
  }
  ASSERT_TRUE(node.run_until([&] { return node.target.node->records().size() == 40; }, kPatience));
}

// Fifty keys say that they listen at the sink, and go.
TEST(HostileReflection, WhoeverNamesAnEndpointItIsSentThreeInitials) {
  AttackedNode node({}, nullptr, Pace::stepped);
  store_forty_records(node);
  Sink sink(node);
  std::size_t said = 0;
  for (std::uint64_t i = 0; i < 50; ++i) {
    Stranger stranger(node, 100 + i);
    stranger.greet(sink.endpoint());
    const StreamId ping = stranger.ask(wire::Ping{1});
    ASSERT_TRUE(node.run_until([&] { return stranger.answered(ping); }, kPatience));
    said += stranger.engine.counters().bytes_out;
  }
  for (int half_minute = 0; half_minute < 10; ++half_minute) {
    const std::size_t before = sink.datagrams;
    node.run(seconds(30));
    EXPECT_LE(sink.datagrams - before, 3U + 3U);  // of two windows
  }
  EXPECT_GT(sink.datagrams, 0U);
  EXPECT_LE(sink.datagrams, 3U * 11U);
  EXPECT_LE(sink.bytes, 3 * said);
  std::printf("said %zu bytes, the sink got %zu\n", said, sink.bytes);
}

// The same through the nodes that an answer names.
TEST(HostileReflection, ManyEndpointsShareABudget) {
  HostConfig config;
  config.engine.all_initials_unanswered = 256;
  AttackedNode node(config, nullptr, Pace::stepped);
  std::deque<Sink> sinks;
  for (int i = 0; i < 200; ++i) sinks.emplace_back(node);
  node.target.host->advance(node.loop->now());
  for (std::size_t i = 0; i < 2000; ++i) {
    const ContactRef named = *node.target.book.intern(
        {hash_id("named " + std::to_string(i)), sinks[i % 200].endpoint(), std::nullopt});
    node.target.node->ping(named, seconds(20), [](const PingResult&) {});
  }
  node.run(seconds(20));
  std::size_t datagrams = 0;
  for (const Sink& sink : sinks) {
    EXPECT_LE(sink.datagrams, 3U);
    datagrams += sink.datagrams;
  }
  EXPECT_LE(datagrams, 256U);
  // A node that lives and was dialled before is dialled all the same.
  EXPECT_TRUE(node.serves(seconds(1)));
}

TEST(HostileReflection, APublicNodeDialsNoPrivateAddress) {
  AttackedNode node({}, nullptr, Pace::stepped);
  HostedNode in_public(*node.loop, 5, {}, nullptr, make_ipv4(0x08080808, 9443));
  node.add(in_public.socket);
  in_public.node->start();
  Sink sink(node);
  const ContactRef named =
      *in_public.book.intern({hash_id("named"), sink.endpoint(), std::nullopt});
  in_public.host->advance(node.loop->now());
  in_public.node->ping(named, seconds(20), [](const PingResult&) {});
  node.run(seconds(20));
  EXPECT_EQ(sink.datagrams, 0U);
  EXPECT_GT(in_public.host->counters().private_withheld, 0U);
  // The node dials an address that it was told to join wherever that is.
  in_public.host->advance(node.loop->now());
  in_public.host->meet(sink.endpoint(), seconds(20), [](std::optional<ContactRef>) {});
  node.run(seconds(20));
  EXPECT_GT(sink.datagrams, 0U);
  node.remove(in_public.socket);
}

// Only to those that have proven to be where they say.
TEST(HostileReflection, RecordsAreHandedOverToNobodyWhoIsElsewhere) {
  AttackedNode node({}, nullptr, Pace::stepped);
  store_forty_records(node);
  Sink sink(node);
  const auto stores_sent_to = [&](Stranger& stranger, const Endpoint& announced) {
    stranger.greet(announced);
    const StreamId ping = stranger.ask(wire::Ping{1});
    EXPECT_TRUE(node.run_until([&] { return stranger.answered(ping); }, kPatience));
    node.run(seconds(20));
    std::size_t stores = 0;
    for (const auto& [stream, bytes] : stranger.heard) {
      if (bytes.size() > 4 && bytes[1] == static_cast<char>(wire::Type::store)) ++stores;
    }
    return stores;
  };
  Stranger elsewhere(node, 78);
  EXPECT_EQ(stores_sent_to(elsewhere, sink.endpoint()), 0U);
  Stranger there(node, 79);
  EXPECT_GT(stores_sent_to(there, there.socket.local()), 0U);
}

}  // namespace
}  // namespace macula::dht::quic
