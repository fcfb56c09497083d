// Whole runs: the same seed gives the same run, in every mode that must not make a difference.
#include "sim/run/run.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/sim/scenario_text.h"

namespace macula::sim {
namespace {

// Joining, storing, finding, calling, a crash and a partition, over links that delay and lose.
const std::string kBusy = R"toml(
[scenario]
schema = 1
name = "busy"
duration = "1min"
[protocol]
k = 4
[latency]
default = "uniform(5ms, 40ms)"
[link.home]
jitter = "uniform(0ms, 5ms)"
loss = "2%"
[[node]]
name = "bootstrap"
[[group]]
name = "eu"
count = 20
link = "home"
join = { via = "bootstrap", spread = "5s" }
[[at]]
t = "12s"
label = "store"
store = { by = "eu#3", key = "note", value = "text" }
[[at]]
t = "13s"
advertise = { by = "eu#4", procedure = "calc.add" }
[[at]]
t = "20s"
crash = "eu#7 + eu#8"
[[at]]
t = "22s"
every = "1s"
until = "40s"
label = "find"
find = { by = "eu#1", key = "note", local = false }
[[at]]
t = "25s"
every = "2s"
until = "45s"
label = "call"
call = { by = "eu#2", procedure = "calc.add", args = { a = 2, b = 3 } }
[[at]]
t = "28s"
partition = { between = ["eu#1 + eu#2 + eu#3 + eu#5", "eu#9 + eu#10"] }
[[at]]
t = "35s"
heal = "all"
[[expect]]
name = "stored"
metric = "success_rate(store)"
equals = "100%"
[[expect]]
name = "found"
metric = "success_rate(find)"
at_least = "90%"
[[expect]]
name = "calls answered"
metric = "answered(call, 5)"
at_least = "90%"
)toml";

RunResult run_text(const std::string& text, const Overrides& overrides = {}, std::uint64_t seed = 1,
                   std::ostream* trace = nullptr) {
  const auto scenario = parse(text, overrides);
  if (!scenario) throw std::runtime_error(errors(text, overrides));
  RunOptions options;
  options.trace = trace;
  return run_scenario(*scenario, seed, options);
}

void expect_same(const RunResult& a, const RunResult& b) {
  EXPECT_EQ(a.digest, b.digest);
  EXPECT_EQ(a.events, b.events);
  EXPECT_EQ(a.messages, b.messages);
  ASSERT_EQ(a.checkpoints.size(), b.checkpoints.size());
  for (std::size_t i = 0; i < a.checkpoints.size(); ++i) {
    EXPECT_EQ(a.checkpoints[i].digest, b.checkpoints[i].digest);
  }
  ASSERT_EQ(a.metrics.size(), b.metrics.size());
  for (const auto& [name, summary] : a.metrics) {
    const Summary& other = b.metrics.at(name);
    EXPECT_EQ(summary.count, other.count) << name;
    EXPECT_EQ(summary.mean, other.mean) << name;
    EXPECT_EQ(summary.p99, other.p99) << name;
    EXPECT_EQ(summary.max, other.max) << name;
  }
}

TEST(Run, PassesAndCounts) {
  const RunResult result = run_text(kBusy);
  EXPECT_TRUE(result.passed);
  EXPECT_EQ(result.stopped, "");
  EXPECT_EQ(result.virtual_ns, 60'000'000'000);
  EXPECT_GT(result.messages, 500U);
  EXPECT_GT(result.events, result.messages);
  EXPECT_EQ(result.metrics.at("success_rate(find)").count, 19U);
  EXPECT_EQ(result.metrics.at("success_rate(call)").count, 11U);
  EXPECT_EQ(result.metrics.at("table.size").count, 19U);  // of the live nodes
}

TEST(Run, TwiceIsTheSameRun) {
  expect_same(run_text(kBusy), run_text(kBusy));
}

TEST(Run, OfAnotherSeedIsAnotherRun) {
  EXPECT_NE(run_text(kBusy, {}, 1).digest, run_text(kBusy, {}, 2).digest);
}

TEST(Run, EncodedIsTheSameRunAsTyped) {
  const RunResult typed = run_text(kBusy);
  expect_same(typed, run_text(kBusy, {{"scenario.wire", "encoded"}}));
  expect_same(typed,
              run_text(kBusy, {{"scenario.wire", "encoded"}, {"scenario.chunks", "random"}}));
}

TEST(Run, WatchingChangesNothing) {
  std::ostringstream trace;
  expect_same(run_text(kBusy), run_text(kBusy, {}, 1, &trace));
  EXPECT_GT(trace.str().size(), 0U);
}

// No expectation may hang on the order of what happens at one instant.
TEST(Run, PassesWithShuffledTiesToo) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    EXPECT_TRUE(run_text(kBusy, {{"scenario.ties", "shuffled"}}, seed).passed) << seed;
  }
}

// Even where every expectation holds.
TEST(Run, ThatReachesItsLimitOfEventsHasFailed) {
  const std::string text = kHead +
                           "[[expect]]\nname = \"nobody holds it\"\n"
                           "metric = \"holders(note)\"\nequals = 0\n";
  EXPECT_TRUE(run_text(text).passed);
  const RunResult result = run_text(text, {{"scenario.max_events", "50"}});
  EXPECT_TRUE(result.expectations.at(0).passed);
  EXPECT_FALSE(result.passed);
  EXPECT_EQ(result.events, 50U);
  EXPECT_NE(result.stopped.find("50"), std::string::npos);
}

// Two nodes more, busy with each other at the same times, over links of the same kind.
TEST(Run, TakingNodesOutLeavesTheMessagesOfOthersAlone) {
  const std::string strangers = R"(
[[group]]
name = "stranger"
count = 2
link = "home"
[[at]]
t = "1s"
every = "10ms"
ping = { by = "stranger#0", to = "stranger#1" }
)";
  const auto trace_of = [](const std::string& text) {
    std::ostringstream trace;
    static_cast<void>(run_text(text, {}, 5, &trace));
    std::vector<std::string> lines;
    std::istringstream in(trace.str());
    for (std::string line; std::getline(in, line);) {
      if (line.find("stranger") == std::string::npos) lines.push_back(line);
    }
    lines.pop_back();  // counts the events of all
    return lines;
  };
  const auto without = trace_of(kBusy);
  EXPECT_GT(without.size(), 500U);
  EXPECT_EQ(trace_of(kBusy + strangers), without);
}

TEST(Run, TraceIsOneJsonObjectALine) {
  std::ostringstream trace;
  static_cast<void>(run_text(kBusy, {}, 1, &trace));
  std::istringstream in(trace.str());
  std::int64_t before = 0;
  for (std::string line; std::getline(in, line);) {
    const auto event = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    ASSERT_TRUE(event.is_object()) << line;
    ASSERT_TRUE(event.contains("kind")) << line;
    const auto time = event.at("t").get<std::int64_t>();
    ASSERT_GE(time, before) << line;
    before = time;
  }
}

}  // namespace
}  // namespace macula::sim
