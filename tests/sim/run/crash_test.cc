// A check that fails in a run ends this run, names it, and leaves all others as they are.
#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>

#include "base/check.h"
#include "sim/run/community.h"
#include "sim/run/run.h"
#include "tests/sim/scenario_text.h"

namespace macula::sim {
namespace {

const std::string kPings = R"toml(
[scenario]
schema = 1
name = "pings"
duration = "20s"
[latency]
default = "10ms"
[[node]]
name = "hub"
[[node]]
name = "edge"
join = { via = "hub" }
[[at]]
t = "5s"
every = "1s"
until = "15s"
label = "beat"
ping = { by = "edge", to = "hub" }
[[expect]]
name = "answered"
metric = "success_rate(beat)"
equals = "100%"
)toml";

// Macula, but for a check that fails at the second node, at 7 s.
const Kit& failing_kit() {
  static const Kit failing = [] {
    Kit kit = macula_kit();
    kit.make_community = [](const Setup& setup) {
      auto made = macula_kit().make_community(setup);
      Network& network = made->network();
      network.schedule(kTimeZero + std::chrono::seconds(7), [&network] {
        network.note(EventKind::timer, 1, kNoNode, 0);
        MACULA_CHECK(network.now() == kTimeZero);
      });
      return made;
    };
    return kit;
  }();
  return failing;
}

RunResult run_pings(bool fails, std::uint64_t seed, std::ostream* trace = nullptr) {
  const Overrides overrides{{"protocol.k", "3"}};
  const auto scenario =
      parse_scenario_text(fails ? failing_kit() : macula_kit(), kPings, "test.toml", overrides);
  if (!scenario) throw std::runtime_error(errors(kPings, overrides));
  RunOptions options;
  options.trace = trace;
  return run_scenario(*scenario, seed, options);
}

std::string last_line(const std::string& text) {
  return text.substr(text.rfind('\n', text.size() - 2) + 1);
}

TEST(Crash, NamesTheRunTheTimeTheNodeAndTheReplay) {
  const RunResult result = run_pings(true, 3);
  EXPECT_FALSE(result.passed);
  EXPECT_EQ(result.seed, 3U);
  EXPECT_EQ(result.virtual_ns, 7'000'000'000);
  EXPECT_GT(result.events, 10U);
  for (const std::string part :
       {"check failed: network.now() == kTimeZero (", "in pings (", "seed 3", "at t = 7s, event ",
        ", node edge\n", "\nreplay: macula-sim run ", " --seed 3 --set protocol.k=3"}) {
    EXPECT_NE(result.crash.find(part), std::string::npos) << part << " in\n" << result.crash;
  }
  EXPECT_NE(result.crash.find(", event " + std::to_string(result.events) + ","), std::string::npos)
      << result.crash;
}

TEST(Crash, LeavesOtherRunsAsTheyAre) {
  const RunResult before = run_pings(false, 1);
  EXPECT_TRUE(before.passed);
  EXPECT_EQ(before.crash, "");
  for (int i = 0; i < 3; ++i) EXPECT_NE(run_pings(true, 1).crash, "");
  const RunResult after = run_pings(false, 1);
  EXPECT_TRUE(after.passed);
  EXPECT_EQ(after.digest, before.digest);
}

TEST(Crash, HalfATraceSaysSo) {
  std::ostringstream whole;
  const RunResult good = run_pings(false, 1, &whole);
  EXPECT_EQ(last_line(whole.str()), "{\"t\":20000000000,\"kind\":\"end\",\"events\":" +
                                        std::to_string(good.events) + "}\n");
  std::ostringstream half;
  const RunResult bad = run_pings(true, 1, &half);
  EXPECT_EQ(last_line(half.str()), "{\"t\":7000000000,\"kind\":\"broken off\",\"events\":" +
                                       std::to_string(bad.events) + "}\n");
}

TEST(Stop, EndsARunBetweenEvents) {
  const auto scenario = parse(kPings, {});
  const std::uint64_t whole = run_scenario(*scenario, 1, {}).events;
  int asked = 0;
  RunOptions options;
  options.stop = [&] { return ++asked == 500; };
  const RunResult half = run_scenario(*scenario, 1, options);
  EXPECT_TRUE(half.interrupted);
  EXPECT_FALSE(half.passed);
  EXPECT_EQ(asked, 500);
  // It is asked a thousand times as time goes on, and some times more as events happen.
  EXPECT_LE(half.virtual_ns, 10'000'000'000);
  EXPECT_GT(half.virtual_ns, 9'000'000'000);
  EXPECT_LT(half.events, whole);
  options.stop = [] { return false; };
  const RunResult asked_in_vain = run_scenario(*scenario, 1, options);
  EXPECT_FALSE(asked_in_vain.interrupted);
  EXPECT_EQ(asked_in_vain.digest, run_scenario(*scenario, 1, {}).digest);
}

}  // namespace
}  // namespace macula::sim
