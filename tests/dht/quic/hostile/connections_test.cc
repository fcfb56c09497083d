// Many connections, of one key or of many, from one address.
#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <string>

#include "tests/dht/quic/hostile/attacked_node.h"
#include "tests/dht/quic/hostile/stranger.h"

namespace macula::dht::quic {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

HostConfig small() {
  HostConfig config;
  config.pool = 64;
  config.engine.max_connections = 128;
  config.engine.max_half_open = 32;
  config.engine.retry_above = 8;
  return config;
}

// The words of a stranger in the meantime: nothing, an unfinished frame, a call that takes for
// ever.
enum class Busy : std::uint8_t { idle, frame, call };

void keep_busy(Stranger& stranger, Busy busy) {
  if (busy == Busy::frame) stranger.begin(wire::Ping{1});
  if (busy == Busy::call) stranger.ask(call_of("takes for ever", 1, minutes(10)));
}

class HostileConnections : public testing::TestWithParam<Busy> {};

TEST_P(HostileConnections, OfOneKeyTakeNobodysPlace) {
  AttackedNode node(small(), nullptr, Pace::stepped);
  const std::size_t before = node.target.host->counters().dials;
  Stranger stranger(node, 100);
  for (int i = 0; i < 200; ++i) {
    stranger.dial(node.endpoint());
    stranger.greet();
    keep_busy(stranger, GetParam());
    node.run(std::chrono::milliseconds(20));
  }
  EXPECT_EQ(missed_by_newcomer(node, 900, seconds(5)), "");
  EXPECT_TRUE(node.serves(seconds(1)));
  EXPECT_LE(node.engine().connections(), 32U);
  // The neighbour has been idle for longer than all of them, and was not given up.
  EXPECT_EQ(node.neighbour.host->counters().dials + node.target.host->counters().dials, before + 1);
}

TEST_P(HostileConnections, OfManyKeysFromOneAddressTakeNobodysPlace) {
  AttackedNode node(small(), nullptr, Pace::stepped);
  ASSERT_TRUE(node.gets_to_know_neighbour());
  std::deque<Stranger> strangers;
  for (std::uint64_t i = 0; i < 200; ++i) {
    Stranger& stranger = strangers.emplace_back(node, 100 + i);
    stranger.greet();
    keep_busy(stranger, GetParam());
    node.run(std::chrono::milliseconds(20));
  }
  EXPECT_EQ(missed_by_newcomer(node, 900, seconds(5)), "");
  EXPECT_TRUE(node.serves(seconds(1)));
  EXPECT_LE(node.engine().connections(), 96U);
  EXPECT_EQ(node.neighbour.host->counters().dials + node.target.host->counters().dials, 1U);
}

// While they come, a client of the same address that pauses between what it asks keeps its place.
TEST_P(HostileConnections, ThatKeepComingLeaveAPlaceToWhoeverPauses) {
  AttackedNode node(small(), nullptr, Pace::stepped);
  std::deque<Stranger> strangers;
  const auto come = [&](std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      Stranger& stranger = strangers.emplace_back(node, 100 + strangers.size());
      stranger.greet();
      keep_busy(stranger, GetParam());
      node.run(std::chrono::milliseconds(20));
    }
  };
  come(100);
  Stranger client(node, 900);
  client.greet();
  for (std::uint64_t i = 0; i < 20; ++i) {
    const StreamId asked = client.ask(wire::Ping{i});
    EXPECT_TRUE(node.run_until([&] { return client.answered(asked); }, seconds(1))) << i;
    come(10);  // of sixteen that one address may have
  }
  EXPECT_FALSE(client.closed.has_value());
}

INSTANTIATE_TEST_SUITE_P(Busy, HostileConnections,
                         testing::Values(Busy::idle, Busy::frame, Busy::call),
                         [](const testing::TestParamInfo<Busy>& each) {
                           return each.param == Busy::idle    ? "idle"
                                  : each.param == Busy::frame ? "frame"
                                                              : "call";
                         });

// Says that the node is its gateway, or gives it an answer and keeps a stream open.
enum class Worth : std::uint8_t { behind, answers };

void be_of_worth(AttackedNode& node, Stranger& stranger, Worth worth) {
  const std::string id = id_to_hex(node.target.credentials.id());
  if (worth == Worth::behind) {
    stranger.greet(node.endpoint(), {"relay:" + id});
    node.run(std::chrono::milliseconds(20));
    return;
  }
  stranger.on_heard = [&](ConnectionId connection, StreamId stream, std::string_view, bool) {
    if (stream % 2 != 0) {
      stranger.engine.write(connection, stream, encoded(wire::Pong{1, 1}), true);
    }
  };
  stranger.greet(stranger.socket.local());
  stranger.say(encoded(wire::Ping{1}), false);
  wire::RpcRoute route{stranger.credentials.id(), stranger.credentials.id(), 1, 10, nullptr};
  route.payload =
      std::make_unique<std::variant<wire::Call, wire::Reply>>(call_of("x", 1, seconds(5)));
  stranger.ask(std::move(route));
  node.run(std::chrono::milliseconds(20));
}

// Strangers with 160 keys, at sixteen addresses; each says then what `speak` says.
void come_from_many(AttackedNode& node, std::deque<Stranger>& strangers,
                    const std::function<void(Stranger&)>& speak) {
  for (std::uint64_t i = 0; i < 160; ++i) {
    const auto host = static_cast<std::uint8_t>(2 + i % 16);
    Stranger& stranger = strangers.emplace_back(node, Stranger::Listens{host}, 100 + i);
    stranger.dial(node.endpoint());
    speak(stranger);
  }
}

class HostileWorth : public testing::TestWithParam<Worth> {};

TEST_P(HostileWorth, OfOneKeyTakesNobodysPlace) {
  AttackedNode node(small(), nullptr, Pace::stepped);
  Stranger stranger(node, 100);
  for (int i = 0; i < 200; ++i) {
    stranger.dial(node.endpoint());
    be_of_worth(node, stranger, GetParam());
  }
  EXPECT_LE(node.engine().connections(), 32U);
  EXPECT_EQ(missed_by_newcomer(node, 900, seconds(5)), "");
  EXPECT_TRUE(node.serves(seconds(1)));
}

TEST_P(HostileWorth, OfManyKeysFromManyAddressesTakesNobodysPlace) {
  AttackedNode node(small(), nullptr, Pace::stepped);
  std::deque<Stranger> strangers;
  come_from_many(node, strangers,
                 [&](Stranger& stranger) { be_of_worth(node, stranger, GetParam()); });
  EXPECT_EQ(missed_by_newcomer(node, 900, seconds(5)), "");
  EXPECT_TRUE(node.serves(seconds(1)));
  EXPECT_LE(node.engine().connections(), 112U);  // those that have ended linger for a moment
}

INSTANTIATE_TEST_SUITE_P(Worth, HostileWorth, testing::Values(Worth::behind, Worth::answers),
                         [](const testing::TestParamInfo<Worth>& each) {
                           return each.param == Worth::behind ? "behind" : "answers";
                         });

// A connection that has not yet said a word is left its time, but not where there are very many.
TEST(HostileConnections, ThatSayNothingTakeNobodysPlace) {
  AttackedNode node(small(), nullptr, Pace::stepped);
  std::deque<Stranger> strangers;
  come_from_many(node, strangers, [&](Stranger&) { node.run(std::chrono::milliseconds(20)); });
  EXPECT_EQ(missed_by_newcomer(node, 900, seconds(1)), "");
  EXPECT_TRUE(node.serves(seconds(1)));
}

// The node can dial out, however many dial in.
TEST(HostileDials, OfThisEndAreKeptApartFromThoseOfOthers) {
  HostConfig config = small();
  config.pool = 1024;  // nothing is given up
  AttackedNode node(config, nullptr, Pace::stepped);
  std::deque<Stranger> strangers;
  for (std::uint64_t i = 0; i < 200; ++i) {
    strangers.emplace_back(node, 100 + i).greet();
    node.run(std::chrono::milliseconds(20));
  }
  Stranger listens(node, Stranger::Listens{}, 800);
  const ContactRef contact =
      *node.target.book.intern({listens.credentials.id(), listens.socket.local(), std::nullopt});
  node.target.host->advance(node.loop->now());
  node.target.node->ping(contact, seconds(5), [](const PingResult&) {});
  EXPECT_TRUE(node.run_until([&] { return listens.up; }, seconds(1)));
}

// Handshakes that go as far as proving the address, and no farther.
TEST(HostileHandshakes, OfOneAddressLetOthersOfItIn) {
  HostConfig config = small();
  AttackedNode node(config, nullptr, Pace::stepped);
  std::deque<Stranger> strangers;
  for (std::uint64_t i = 0; i < 60; ++i) {
    Stranger& stranger = strangers.emplace_back(node, 100 + i);
    // It answers a Retry, and then hears nothing any more.
    ASSERT_TRUE(
        node.run_until([&] { return stranger.engine.counters().datagrams_in >= 1; }, seconds(5)));
    node.run(std::chrono::milliseconds(1));
    stranger.silent = true;
  }
  EXPECT_EQ(missed_by_newcomer(node, 900, seconds(5)), "");
  EXPECT_TRUE(node.serves(seconds(1)));
}

}  // namespace
}  // namespace macula::dht::quic
