// Networks that lose, double, reorder and damage: everything arrives all the same, once, in order,
// and at the same time in every run.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <tuple>
#include <vector>

#include "dht/quic/engine/engine.h"
#include "tests/dht/quic/engine/wire_pair.h"

namespace macula::dht::quic {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

EngineConfig enduring(std::uint64_t number) {
  EngineConfig config = test_config(number);
  config.handshake_timeout = seconds(120);
  config.idle_timeout = seconds(300);
  config.max_streams = 64;
  return config;
}

std::string message(std::size_t number, std::size_t size) {
  std::string text = std::to_string(number) + ":";
  text.resize(std::max(text.size(), size), static_cast<char>('a' + number % 26));
  return text;
}

// The events of a run, as far as they must be the same again.
using Trace = std::vector<std::tuple<Time, std::uint16_t, std::size_t>>;

struct Outcome {
  bool finished = false;
  bool correct = true;
  std::size_t left_over = 0;  // streams
  Trace trace;
};

// Both ends ask over `sizes.size()` streams each and echo what they get; some are abandoned.
Outcome run(const LinkConfig& link, std::uint64_t seed, const std::vector<std::size_t>& sizes,
            std::size_t abandon_every) {
  Wire wire(link, seed);
  Peer server(wire, 1, enduring(1));
  Peer client(wire, 2, enduring(2));
  server.echoes = client.echoes = true;
  const ConnectionId connection = client.dial(server);
  Outcome outcome;
  std::map<std::pair<Peer*, StreamId>, std::string> asked;
  std::size_t wanted = 0;
  const auto ask_all = [&](Peer& peer, ConnectionId of) {
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      const std::string text = message(i, sizes[i]);
      const StreamId stream = peer.ask(of, text);
      asked[{&peer, stream}] = text;
      if (abandon_every > 0 && i % abandon_every == 0) {
        peer.engine->abandon(of, stream, 1);
        asked.erase({&peer, stream});
      } else {
        ++wanted;
      }
    }
  };
  ask_all(client, connection);
  const auto at_server = [&] { return server.last; };
  if (wire.run_until([&] { return at_server().has_value(); }, seconds(120))) {
    ask_all(server, *at_server());
    const auto answered = [&](const Peer& peer) {
      std::size_t count = 0;
      for (const auto& [key, broken] : peer.gone_streams) {
        count += peer.connection_local(key.second, key.first) ? 1 : 0;
      }
      return count;
    };
    outcome.finished = wire.run_until(
        [&] { return client.last && answered(client) + answered(server) == wanted; }, seconds(600));
  }
  for (const auto& [key, text] : asked) {
    const auto& [peer, stream] = key;
    const auto found = peer->received.find({*peer->last, stream});
    if (found == peer->received.end() || found->second != text) outcome.correct = false;
  }
  wire.link = {};
  wire.run(seconds(30));
  outcome.left_over = client.engine->streams(connection) + server.engine->streams(*server.last);
  client.engine->check_invariants();
  server.engine->check_invariants();
  for (const Sent& sent : wire.sent()) {
    outcome.trace.emplace_back(sent.time, sent.from, sent.bytes.size());
  }
  return outcome;
}

LinkConfig any_link() {
  LinkConfig link;
  link.delay = milliseconds(*rc::gen::inRange(1, 80));
  link.jitter = milliseconds(*rc::gen::inRange(0, 40));
  link.lost = *rc::gen::inRange<std::uint64_t>(0, 200);
  link.doubled = *rc::gen::inRange<std::uint64_t>(0, 100);
  link.damaged = *rc::gen::inRange<std::uint64_t>(0, 50);
  return link;
}

RC_GTEST_PROP(Impaired, AllStreamsFinish, ()) {
  const LinkConfig link = any_link();
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  const auto sizes = *rc::gen::resize(
      100, rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, 20000)));
  const auto abandon_every = *rc::gen::inRange<std::size_t>(0, 4);
  const Outcome result = run(link, seed, sizes, abandon_every);
  RC_ASSERT(result.finished);
  RC_ASSERT(result.correct);
  RC_ASSERT(result.left_over == 0u);
}

TEST(Impaired, SizesAndTimesAreTheSameInEveryRun) {
  LinkConfig link;
  link.jitter = milliseconds(4);
  link.lost = 100;
  link.doubled = 20;
  const std::vector<std::size_t> sizes{10, 3000, 0, 70000, 500, 1, 20000, 64};
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const Outcome first = run(link, seed, sizes, 3);
    const Outcome second = run(link, seed, sizes, 3);
    EXPECT_TRUE(first.finished);
    EXPECT_GT(first.trace.size(), 30u);
    EXPECT_TRUE(first.trace == second.trace) << "seed " << seed;
    EXPECT_FALSE(first.trace == run(link, seed + 100, sizes, 3).trace);
  }
}

// Lost datagrams of a handshake are sent again soon, not after a second.
TEST(Impaired, AHandshakeWithLossIsNotSlow) {
  LinkConfig link;
  link.lost = 100;
  std::vector<Duration> times;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Wire wire(link, seed);
    Peer server(wire, 1, enduring(1));
    Peer client(wire, 2, enduring(2));
    client.dial(server);
    EXPECT_TRUE(wire.run_until([&] { return client.last.has_value(); }, seconds(60)));
    times.push_back(wire.now() - kTimeZero);
  }
  std::sort(times.begin(), times.end());
  EXPECT_EQ(times[times.size() / 4], milliseconds(40));
  EXPECT_LE(times[times.size() * 9 / 10], milliseconds(700));
}

}  // namespace
}  // namespace macula::dht::quic
