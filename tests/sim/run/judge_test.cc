// Expectations, each measured at its time, in a small network of which it is known at each instant
// what the nodes know and hold.
#include "sim/run/judge.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/run/run.h"
#include "tests/sim/scenario_text.h"

namespace macula::sim {
namespace {

// a, b and c know each other; every packet takes 10 ms, connections stand. From 10 s to 20 s c is
// down; it comes back without its state.
const std::string kThree = R"toml(
[scenario]
schema = 1
name = "three"
duration = "30s"
connections = "warm"
[protocol]
discover_beyond_own = false
[latency]
default = "10ms"
[[node]]
name = "a"
knows = ["b", "c"]
[[node]]
name = "b"
knows = ["a", "c"]
[[node]]
name = "c"
[[at]]
t = "1s"
store = { by = "a", key = "note", value = "text", label = "store" }
[[at]]
t = "2s"
every = "1s"
until = "29s"
ping = { by = "b", to = "c", timeout = "500ms", label = "ping" }
[[at]]
t = "3s"
find = { by = "b + c", key = "note", local = false, label = "find" }
[[at]]
t = "3s"
find = { by = "b", key = "another", label = "miss" }
[[at]]
t = "5s"
advertise = { by = "b", procedure = "calc.add" }
[[at]]
t = "6s"
call = { by = "a", procedure = "calc.add", args = { a = 2, b = 3 }, label = "call" }
[[at]]
t = "7s"
call = { by = "a", procedure = "calc.add", args = { a = 2 }, label = "wrong" }
[[at]]
t = "8s"
call = { by = "a", to = "b", procedure = "calc.max", args = { a = 2, b = 3 }, label = "unserved" }
[[at]]
t = "9s"
lookup = { by = "a", key = "note", label = "lookup" }
[[at]]
t = "9990ms"
ping = { by = "c", to = "a", label = "dying" }
[[at]]
t = "10s"
crash = "c"
[[at]]
t = "20s"
restart = "c"
[[at]]
t = "29990ms"
ping = { by = "a", to = "b", label = "late" }
)toml";

struct Judged {
  bool passed;
  std::optional<double> measured;
};

// One expectation on top of kThree, in a world as exact as this.
Judged judge(const std::string& expectation, Duration tolerance = Duration{0}) {
  const std::string text = kThree + "[[expect]]\nname = \"one\"\n" + expectation;
  const auto scenario = parse(text);
  if (!scenario) throw std::runtime_error(errors(text));
  RunOptions options;
  options.world.tolerance = tolerance;
  const RunResult result = run_scenario(*scenario, 1, options);
  EXPECT_EQ(result.expectations.size(), 1U);
  EXPECT_EQ(result.passed, result.expectations.at(0).passed);
  return {result.expectations[0].passed, result.expectations[0].measured};
}

// The measure of the metric, with these further lines.
std::optional<double> measure(const std::string& metric, const std::string& bound = "at_least = 0",
                              const std::string& when = "") {
  return judge("metric = \"" + metric + "\"\n" + bound + "\n" + when + "\n").measured;
}

// A measured time, and the time of a measurement, are as exact as the world; nothing else is.
TEST(Judge, TimesAreAsExactAsTheWorld) {
  const Duration tolerance = std::chrono::milliseconds(50);
  const auto needs_it = [&](const std::string& expectation) {
    EXPECT_FALSE(judge(expectation).passed) << expectation;
    EXPECT_TRUE(judge(expectation, tolerance).passed) << expectation;
  };
  // The call takes 20 ms; c crashes at 10 s.
  needs_it("metric = \"latency_ms(call).max\"\nequals = \"70ms\"\n");
  needs_it("metric = \"latency_ms(call).max\"\nat_least = \"70ms\"\n");
  needs_it("metric = \"latency_ms(ping).max\"\nat_most = \"450ms\"\n");
  needs_it("metric = \"latency_ms(call).max\"\nbetween = [\"60ms\", \"70ms\"]\n");
  needs_it("metric = \"healthy(c)\"\nequals = \"0%\"\nat = \"9960ms\"\n");
  needs_it("metric = \"healthy(c)\"\nequals = \"100%\"\nat = \"10040ms\"\n");
  const auto fails = [&](const std::string& expectation) {
    EXPECT_FALSE(judge(expectation, tolerance).passed) << expectation;
  };
  fails("metric = \"latency_ms(call).max\"\nequals = \"71ms\"\n");
  fails("metric = \"latency_ms(ping).count\"\nequals = 29\n");
  fails("metric = \"operations(find)\"\nequals = 3\n");
  fails("metric = \"healthy(c)\"\nequals = \"0%\"\nat = \"9900ms\"\n");
}

TEST(Judge, OperationsByLabel) {
  const std::string rate = "at_least = \"0%\"";
  EXPECT_EQ(measure("success_rate(store)", rate), 1);
  EXPECT_EQ(measure("success_rate(find)", rate), 1);
  EXPECT_EQ(measure("value.found(miss)", rate), 0);
  EXPECT_EQ(measure("value.found", rate), 2.0 / 3);
  EXPECT_EQ(measure("error_rate(miss, not_found)", rate), 1);
  EXPECT_EQ(measure("error_rate(miss, timeout)", rate), 0);
  EXPECT_EQ(measure("correct_rate(miss)", rate), 1);  // nothing was stored there
  EXPECT_EQ(measure("answered(find, text)", rate), 1);
  EXPECT_EQ(measure("answered(call, 5)", rate), 1);
  EXPECT_EQ(measure("answered(call, 6)", rate), 0);
  EXPECT_EQ(measure("error_rate(wrong, invalid_args)", rate), 1);
  EXPECT_EQ(measure("error_rate(unserved, not_found)", rate), 1);
  EXPECT_EQ(measure("operations(find)"), 2);
  // 28 pings, one a second; c is down for 10 of them.
  EXPECT_EQ(measure("operations(ping)"), 28);
  EXPECT_EQ(measure("success_rate(ping)", rate), 18.0 / 28);
}

TEST(Judge, OperationsThatDoNotEndByThemselves) {
  const std::string rate = "at_least = \"0%\"";
  EXPECT_EQ(measure("error_rate(dying, crashed)", rate), 1);
  EXPECT_EQ(measure("error_rate(dying, timeout)", rate), 0);
}

// The last ping has 10 ms to live, and would have 2 s to end.
TEST(Judge, WhatHadNoTimeToEndIsOutsideOfAllRates) {
  EXPECT_EQ(measure("unfinished(late)"), 1);
  EXPECT_EQ(measure("unfinished(late)", "at_least = 0", "during = [\"29s\", \"30s\"]"), 1);
  EXPECT_EQ(measure("unfinished(late)", "at_least = 0", "during = [\"1s\", \"29s\"]"), 0);
  EXPECT_EQ(measure("unfinished(ping)"), 0);
  EXPECT_EQ(measure("success_rate(late)", "at_least = \"0%\""), std::nullopt);
  EXPECT_EQ(measure("latency_ms(late).count"), 0);
  EXPECT_EQ(measure("operations(late)"), 0);
}

TEST(Judge, Times) {
  const std::string time = "at_least = \"0s\"";
  EXPECT_EQ(measure("latency_ms(call).max", time), 20);
  EXPECT_EQ(measure("call.latency_ms(call).p50", time), 20);
  EXPECT_EQ(measure("latency_ms(ping).min", time), 20);
  EXPECT_EQ(measure("latency_ms(ping).max", time), 500);
  EXPECT_EQ(measure("latency_ms(ping).count"), 28);
  // 18 of 20 ms, and 10 of 500 ms.
  EXPECT_NEAR(*measure("latency_ms(ping).deviation", time), 480 * std::sqrt(18.0 * 10) / 28, 1e-9);
  EXPECT_EQ(measure("latency_ms(call).deviation", time), 0);
}

TEST(Judge, Lookups) {
  EXPECT_EQ(measure("lookup.rpcs(lookup).max"), 2);
  EXPECT_EQ(measure("lookup.rounds(lookup).max"), 1);
  EXPECT_EQ(measure("lookup.recall(lookup).mean", "at_least = \"0%\""), 1);
  EXPECT_EQ(measure("lookup.latency_ms(lookup).mean", "at_least = \"0s\""), 20);
}

TEST(Judge, Messages) {
  // Beside the 18 of the file, one ping after the record that c is to hold.
  EXPECT_EQ(measure("messages(ping, from=b, to=c)"), 19);
  EXPECT_EQ(measure("messages(ping, from=c)"), 1);
  EXPECT_EQ(measure("messages(pong, from=c, to=b)"), 19);
  EXPECT_EQ(measure("messages(store, from=a)"), 2);
  EXPECT_EQ(measure("messages(store, from=a, to=b)"), 1);
  EXPECT_EQ(measure("messages(call)"), 3);
  EXPECT_EQ(measure("served(b)"), 3);
  EXPECT_EQ(measure("served(a)"), 0);
}

TEST(Judge, StateOfNodesAtAnInstant) {
  const auto at = [](const std::string& metric, const std::string& when,
                     const std::string& bound = "at_least = 0") {
    return measure(metric, bound, "at = \"" + when + "\"");
  };
  EXPECT_EQ(at("holders(note)", "500ms"), 0);
  EXPECT_EQ(at("holders(note)", "4s"), 3);
  EXPECT_EQ(at("holders(note)", "15s"), 2);
  EXPECT_EQ(at("holders(note)", "25s"), 3);  // it lost what it held, and was given it again
  EXPECT_EQ(at("providers(calc.add)", "4s"), 0);
  EXPECT_EQ(at("providers(calc.add)", "9s"), 1);
  EXPECT_EQ(at("peers(a)", "500ms"), 2);
  EXPECT_EQ(at("peers(c)", "500ms"), 0);
  EXPECT_EQ(at("peers(all)", "9s"), 2);
  EXPECT_EQ(at("peers(all)", "15s"), 0);
  EXPECT_EQ(at("knows(a, to=b + c)", "500ms"), 2);
  EXPECT_EQ(at("knows(c, to=a + b)", "500ms"), 0);
  EXPECT_EQ(at("knows(a + b, to=all)", "500ms"), 1);  // c; neither knows itself
  EXPECT_EQ(at("healthy(all)", "9s", "at_least = \"0%\""), 1);
  EXPECT_EQ(at("healthy(all)", "15s", "at_least = \"0%\""), 2.0 / 3);
  EXPECT_EQ(at("distinct_ids", "9s"), 3);
  EXPECT_EQ(at("record.holders(store).min", "4s"), 3);
  EXPECT_EQ(at("record.holders(store).count", "4s"), 1);
  EXPECT_EQ(at("record.holders(store).max", "15s"), 2);
  EXPECT_EQ(at("dead_contacts(all)", "9s"), 0);
  EXPECT_EQ(at("dead_contacts(all)", "10100ms"), 2);  // a and b know c still
  EXPECT_EQ(at("dead_contacts(b)", "10100ms"), 1);
  // At 2 s b pings c: an operation, a ping of the node and a request of the network.
  EXPECT_EQ(at("pending(b)", "2010ms"), 3);
  EXPECT_EQ(at("pending(b)", "2030ms"), 0);
}

TEST(Judge, WindowsTakeOperationsByTheirStart) {
  const std::string rate = "at_least = \"0%\"";
  EXPECT_EQ(measure("success_rate(ping)", rate, "during = [\"2s\", \"9s\"]"), 1);
  EXPECT_EQ(measure("success_rate(ping)", rate, "during = [\"10s\", \"19s\"]"), 0);
  EXPECT_EQ(measure("operations(ping)", "at_least = 0", "during = [\"10s\", \"19s\"]"), 10);
  EXPECT_EQ(measure("success_rate(ping)", rate, "during = [\"29500ms\", \"30s\"]"), std::nullopt);
  EXPECT_EQ(measure("holders(note)", "at_least = 0", "during = [\"5s\", \"15s\"]"), 2);  // its end
}

TEST(Judge, WithinIsTrueOnceAndAlwaysIsTrueThroughout) {
  EXPECT_TRUE(judge("metric = \"holders(note)\"\nequals = 3\nwithin = \"5s\"\n").passed);
  EXPECT_FALSE(judge("metric = \"holders(note)\"\nequals = 4\nwithin = \"30s\"\n").passed);
  // True from 1.03 s on: a lookup, then STORE.
  EXPECT_TRUE(
      judge("metric = \"holders(note)\"\nequals = 3\nwithin = \"1040ms\"\nevery = \"10ms\"\n")
          .passed);
  EXPECT_FALSE(
      judge("metric = \"holders(note)\"\nequals = 3\nwithin = \"1020ms\"\nevery = \"10ms\"\n")
          .passed);
  EXPECT_TRUE(judge("metric = \"holders(note)\"\nat_least = 2\nalways = true\n"
                    "during = [\"2s\", \"30s\"]\n")
                  .passed);
  EXPECT_FALSE(judge("metric = \"holders(note)\"\nat_least = 3\nalways = true\n"
                     "during = [\"2s\", \"30s\"]\n")
                   .passed);
  EXPECT_FALSE(judge("metric = \"holders(note)\"\nat_least = 1\nalways = true\n").passed);
  // Both ends of the window count: c crashes at 10 s.
  EXPECT_TRUE(judge("metric = \"holders(note)\"\nequals = 3\nalways = true\n"
                    "during = [\"2s\", \"9s\"]\n")
                  .passed);
  EXPECT_FALSE(judge("metric = \"holders(note)\"\nequals = 3\nalways = true\n"
                     "during = [\"2s\", \"10s\"]\n")
                   .passed);
}

TEST(Judge, Comparisons) {
  const std::string metric = "metric = \"operations(find)\"\n";  // 2
  const std::vector<std::pair<std::string, bool>> bounds = {
      {"equals = 2", true},       {"equals = 3", false},      {"at_least = 2", true},
      {"at_least = 3", false},    {"at_most = 2", true},      {"at_most = 1", false},
      {"between = [2, 3]", true}, {"between = [1, 2]", true}, {"between = [3, 4]", false},
      {"between = [0, 1]", false}};
  for (const auto& [bound, holds] : bounds) {
    EXPECT_EQ(judge(metric + bound + "\n").passed, holds) << bound;
  }
}

TEST(Judge, HoldersByName) {
  const std::string metric = "metric = \"holders(note)\"\nat = \"15s\"\n";
  EXPECT_TRUE(judge(metric + "equals = [\"b\", \"a\"]\n").passed);
  EXPECT_FALSE(judge(metric + "equals = [\"a\", \"c\"]\n").passed);
  EXPECT_FALSE(judge(metric + "equals = [\"a\"]\n").passed);
  EXPECT_FALSE(judge(metric + "equals = [\"a\", \"b\", \"c\"]\n").passed);
}

TEST(Judge, NothingMeasuredHasFailed) {
  const Judged judged = judge(
      "metric = \"success_rate(ping)\"\nat_most = \"100%\"\nduring = [\"29500ms\", \"30s\"]\n");
  EXPECT_FALSE(judged.passed);
  EXPECT_EQ(judged.measured, std::nullopt);
}

TEST(Judge, ResultsStandInOrderWithTheirLines) {
  const std::string text = kThree +
                           "[[expect]]\nname = \"first\"\nmetric = \"operations(find)\"\n"
                           "equals = 2\n[[expect]]\nname = \"second\"\n"
                           "metric = \"operations(call)\"\nequals = 9\n";
  const auto scenario = parse(text);
  ASSERT_TRUE(scenario.has_value());
  const RunResult result = run_scenario(*scenario, 1, {});
  ASSERT_EQ(result.expectations.size(), 2U);
  EXPECT_EQ(result.expectations[0].name, "first");
  EXPECT_TRUE(result.expectations[0].passed);
  EXPECT_EQ(result.expectations[1].name, "second");
  EXPECT_FALSE(result.expectations[1].passed);
  EXPECT_EQ(result.expectations[1].line - result.expectations[0].line, 4);
  EXPECT_FALSE(result.passed);
}

}  // namespace
}  // namespace macula::sim
