// Scenarios of a kit that is not Macula's: that of examples/gossip.
#include <gtest/gtest.h>

#include <sstream>
#include <stdexcept>
#include <string>

#include "examples/gossip/kit.h"
#include "sim/file/explain.h"
#include "sim/file/parse.h"
#include "sim/run/run.h"
#include "tests/places.h"

namespace macula::sim {
namespace {

// Two nodes; `b` hears of it, crashes, and comes back.
const std::string kTwo = R"toml(
[scenario]
schema = 1
name = "two"
duration = "20s"
[protocol]
pull = false
[[node]]
name = "a"
[[node]]
name = "b"
[[at]]
t = "1s"
tell = { by = "a", rumour = "x" }
[[at]]
t = "5s"
crash = "b"
[[at]]
t = "6s"
restart = { nodes = "b", state = "keep" }
[[expect]]
name = "both have heard it"
metric = "reached(x)"
equals = "100%"
)toml";

std::string scenario_file() {
  return std::string(source_dir()) + "/examples/gossip/partition.toml";
}

std::string gossip_errors(const std::string& text) {
  const auto scenario = parse_scenario_text(gossip::gossip_kit(), text, "test.toml");
  return scenario ? std::string() : format(scenario.error());
}

RunResult run_gossip(const std::string& text, const Overrides& overrides = {}) {
  const auto scenario = parse_scenario_text(gossip::gossip_kit(), text, "test.toml", overrides);
  if (!scenario) throw std::runtime_error(format(scenario.error()));
  return run_scenario(*scenario, 1, {});
}

TEST(OwnKit, ItsScenarioPassesAndFailsWithoutTheRepair) {
  for (const char* pull : {"true", "false"}) {
    const auto scenario =
        parse_scenario(gossip::gossip_kit(), scenario_file(), {{"protocol.pull", pull}});
    ASSERT_TRUE(scenario) << format(scenario.error());
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      const RunResult result = run_scenario(*scenario, seed, {});
      EXPECT_EQ(result.passed, std::string(pull) == "true") << seed;
      EXPECT_EQ(result.crash, "");
      EXPECT_EQ(result.digest, run_scenario(*scenario, seed, {}).digest);
    }
  }
}

TEST(OwnKit, ANodeKeepsItsStateWhereTheStepSaysSo) {
  EXPECT_EQ(run_gossip(kTwo).expectations.front().measured, 1.0);
  EXPECT_EQ(run_gossip(kTwo, {{"at.2.restart.state", "lose"}}).expectations.front().measured, 0.5);
  EXPECT_EQ(run_gossip(kTwo, {{"at.2.restart.state", "lose"}, {"protocol.pull", "true"}})
                .expectations.front()
                .measured,
            1.0);
}

TEST(OwnKit, GeneralMetricsCountItsMessages) {
  const std::string expect = "[[expect]]\nname = \"n\"\nmetric = \"";
  const RunResult result =
      run_gossip(kTwo + expect + "messages(news, to=b)\"\nequals = 3\n" + expect +
                 "messages(pull)\"\nequals = 0\n" + expect + "attempts_per_s(b)\"\nequals = 3\n" +
                 expect + "known.max\"\nequals = 1\n");
  EXPECT_TRUE(result.passed);
  for (const ExpectationResult& one : result.expectations) {
    EXPECT_TRUE(one.passed) << one.metric << ": " << one.measured.value_or(-1);
  }
}

TEST(OwnKit, WhatItHasNotIsRefused) {
  const auto refused = [](const std::string& right, const std::string& wrong,
                          const std::string& said) {
    std::string text = kTwo;
    text.replace(text.find(right), right.size(), wrong);
    EXPECT_NE(gossip_errors(text).find(said), std::string::npos) << gossip_errors(text);
  };
  refused("pull = false", "disjoint_paths = 3", "[protocol] knows fanout, round, ");
  refused("pull = false", "fanout = 0", "test.toml:7:10: error: `fanout` takes 1 to 100, not 0");
  refused("duration = \"20s\"", "duration = \"20s\"\nprofile = \"kademlia\"",
          "unknown profile `kademlia`");
  refused("duration = \"20s\"", "duration = \"20s\"\ntables = \"ideal\"", "unknown key `tables`");
  refused("name = \"b\"", "name = \"b\"\nrelay = \"a\"", "unknown key `relay`");
  refused("name = \"b\"", "name = \"b\"\nrole = \"gateway\"", "unknown key `role`");
  refused("name = \"b\"", "name = \"b\"\nknows = [\"a\"]", "unknown key `knows`");
  refused("name = \"b\"", "name = \"b\"\njoin = { via = \"a\" }", "unknown key `via`");
  refused("crash = \"b\"", "store = \"b\"", "unknown key `store`");
  refused("crash = \"b\"", "crash = \"any(closest(k, 3))\"", "near to no key and hold none");
  refused("reached(x)", "attempts_per_s(holders(k))", "near to no key and hold none");
  refused("reached(x)", "error_rate(read, no_route)",
          "the error code `no_route`: there are not_found, crashed, overdue");
  refused("reached(x)", "messages(ping)", "unknown message `ping`; there are any, news, pull");
}

TEST(OwnKit, ExplainShowsItsParameters) {
  const auto text = explain_scenario(gossip::gossip_kit(), scenario_file(), {});
  ASSERT_TRUE(text) << format(text.error());
  EXPECT_NE(text->find("profile = \"gossip\""), std::string::npos) << *text;
  EXPECT_NE(text->find("patience = \"1500ms\""), std::string::npos) << *text;
  EXPECT_EQ(text->find("bucket_size"), std::string::npos) << *text;
}

TEST(OwnKit, ATraceNamesItsMessages) {
  const auto scenario = parse_scenario_text(gossip::gossip_kit(), kTwo, "test.toml");
  ASSERT_TRUE(scenario);
  std::ostringstream trace;
  RunOptions options;
  options.trace = &trace;
  const RunResult traced = run_scenario(*scenario, 1, options);
  EXPECT_NE(trace.str().find("\"from\":\"a\",\"to\":\"b\",\"exchange\":\"a/"), std::string::npos);
  EXPECT_NE(trace.str().find("\"message\":\"news\",\"hash\":\""), std::string::npos);
  EXPECT_EQ(traced.digest, run_scenario(*scenario, 1, {}).digest);
}

}  // namespace
}  // namespace macula::sim
