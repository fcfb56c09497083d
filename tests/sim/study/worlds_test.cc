// The worlds by name, what they refuse, and that runs of `virtual-quic` repeat to the byte.
#include "sim/study/worlds.h"

#include <gtest/gtest.h>

#include <thread>

#include "sim/file/parse.h"
#include "sim/file/selector_parse.h"
#include "sim/run/run.h"
#include "tests/places.h"

namespace macula::sim {
namespace {

const std::string kStrict = std::string(source_dir()) + "/scenarios/integration/strict/";

Scenario strict(const std::string& name, const Overrides& overrides = {}) {
  auto scenario = parse_scenario(kStrict + name + ".toml", overrides);
  EXPECT_TRUE(scenario);
  return std::move(*scenario);
}

RunResult run_in(std::string_view world, const Scenario& scenario, std::uint64_t seed = 1) {
  RunOptions options;
  options.world = *find_world(world);
  return run_scenario(scenario, seed, options);
}

TEST(Worlds, AreFoundByName) {
  for (const std::string& name : world_names()) {
    ASSERT_TRUE(find_world(name)) << name;
    EXPECT_EQ(find_world(name)->name, name);
  }
  EXPECT_FALSE(find_world("real"));
  EXPECT_EQ(find_world(kVirtualQuic)->tolerance, Duration{0});
  EXPECT_EQ(find_world(kQuic)->tolerance, std::chrono::milliseconds(50));
}

TEST(Worlds, RefuseWhatTheyCannotHold) {
  Scenario scenario = strict("dht_peer_discovery");
  scenario.populations.back().group = 199;
  EXPECT_EQ(refusal(*find_world(kVirtual), scenario), "");
  EXPECT_EQ(refusal(*find_world(kVirtualQuic), scenario), "");
  EXPECT_NE(refusal(*find_world(kQuic), scenario), "");
  scenario.connections = Connections::warm;
  EXPECT_EQ(refusal(*find_world(kVirtual), scenario), "");
  EXPECT_NE(refusal(*find_world(kVirtualQuic), scenario), "");
  scenario.connections = Connections::cold;
  scenario.populations.back().group = 1000;
  EXPECT_NE(refusal(*find_world(kVirtualQuic), scenario), "");
}

TEST(Worlds, OnlyThoseWithKeysMissTheProof) {
  const Scenario unbound = strict("dht_peer_discovery");
  const Scenario bound = strict("dht_peer_discovery", {{"scenario.identity", "bound"}});
  EXPECT_FALSE(proves_no_ids(*find_world(kVirtual), unbound));
  EXPECT_TRUE(proves_no_ids(*find_world(kVirtualQuic), unbound));
  EXPECT_FALSE(proves_no_ids(*find_world(kVirtualQuic), bound));
}

// A run that may be stopped goes in parts.
TEST(VirtualQuic, PartsChangeNothing) {
  for (const char* name : {"single_hop_rpc_call", "multi_hop_rpc_call"}) {
    const Scenario scenario = strict(name);
    RunOptions options;
    options.world = *find_world(kVirtualQuic);
    const RunResult whole = run_scenario(scenario, 1, options);
    options.stop = [] { return false; };
    const RunResult in_parts = run_scenario(scenario, 1, options);
    EXPECT_EQ(in_parts.digest, whole.digest) << name;
    EXPECT_EQ(in_parts.events, whole.events) << name;
  }
}

TEST(VirtualQuic, RepeatsToTheByteOnAnyThread) {
  const Scenario first = strict("single_hop_rpc_call");
  const Scenario second = strict("multi_hop_rpc_call", {{"scenario.identity", "bound"}});
  const std::uint64_t one = run_in(kVirtualQuic, first).digest;
  const std::uint64_t other = run_in(kVirtualQuic, second).digest;
  EXPECT_EQ(run_in(kVirtualQuic, first).digest, one);
  RunResult results[2];
  std::thread a([&] { results[0] = run_in(kVirtualQuic, first); });
  std::thread b([&] { results[1] = run_in(kVirtualQuic, second); });
  a.join();
  b.join();
  EXPECT_EQ(results[0].digest, one);
  EXPECT_EQ(results[1].digest, other);
  EXPECT_NE(run_in(kVirtualQuic, first, 2).digest, one);
}

// A poll is no event, and no host does anything for it.
TEST(VirtualQuic, IsTheSameHoweverManyPollsThereAre) {
  const Scenario none = strict("single_hop_rpc_call");
  Scenario some = none;
  Expectation polled = none.expectations.front();
  polled.when = When::always;
  polled.from = Duration{0};
  polled.to = none.duration;
  polled.every = std::chrono::milliseconds(3);
  some.expectations.push_back(polled);
  const RunResult a = run_in(kVirtualQuic, none);
  const RunResult b = run_in(kVirtualQuic, some);
  EXPECT_EQ(a.events, b.events);
  EXPECT_EQ(a.digest, b.digest);
  ASSERT_EQ(a.checkpoints.size(), b.checkpoints.size());
  for (std::size_t i = 0; i < a.checkpoints.size(); ++i) {
    EXPECT_EQ(a.checkpoints[i].digest, b.checkpoints[i].digest);
  }
}

TEST(VirtualQuic, CountsWhatFaultsMeet) {
  Scenario scenario = strict("dht_peer_discovery");
  Step cut;
  cut.t = scenario.duration - std::chrono::milliseconds(1);
  cut.verb = PartitionStep{*parse_selector("gateway"), *parse_selector("bootstrap"), false};
  scenario.steps = {cut};
  EXPECT_EQ(run_in(kVirtualQuic, scenario).notes.size(), 1U);  // nothing comes after it
  scenario.steps[0].t = Duration{0};
  EXPECT_EQ(run_in(kVirtualQuic, scenario).notes.size(), 0U);
  Step crash;
  crash.t = std::chrono::seconds(10);
  crash.verb = CrashStep{*parse_selector("bootstrap")};
  Step ping;
  ping.t = std::chrono::seconds(11);
  ping.verb = PingStep{*parse_selector("gateway"), *parse_selector("bootstrap"), std::nullopt};
  scenario.steps = {crash, ping};
  EXPECT_EQ(run_in(kVirtualQuic, scenario).notes.size(), 0U);
}

TEST(VirtualQuic, IdsAreProven) {
  const RunResult bound =
      run_in(kVirtualQuic, strict("single_hop_rpc_call", {{"scenario.identity", "bound"}}));
  EXPECT_TRUE(bound.metrics.at("success_rate(call)").mean == 1.0);
  EXPECT_EQ(bound.world, kVirtualQuic);
}

}  // namespace
}  // namespace macula::sim
