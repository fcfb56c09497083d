// Loads as people have them, seen in traces: arrivals that are drawn, clients that wait for their
// answers, keys by popularity, values of sizes that differ.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/run/run.h"
#include "tests/sim/scenario_text.h"

namespace macula::sim {
namespace {

using Json = nlohmann::json;

// Twenty nodes with full tables, links without loss, and these steps.
std::vector<Json> ended(const std::string& steps, std::uint64_t seed = 1) {
  const std::string text =
      "[scenario]\nschema = 1\nname = \"load\"\nduration = \"10min\"\ntables = \"ideal\"\n"
      "connections = \"warm\"\n[latency]\ndefault = \"20ms\"\n"
      "[[group]]\nname = \"eu\"\ncount = 20\n" +
      steps + kExpect;
  const auto scenario = parse(text);
  if (!scenario) throw std::runtime_error(errors(text));
  std::ostringstream trace;
  RunOptions options;
  options.trace = &trace;
  static_cast<void>(run_scenario(*scenario, seed, options));
  std::vector<Json> found;
  std::istringstream lines(trace.str());
  for (std::string line; std::getline(lines, line);) {
    Json event = Json::parse(line);
    if (event["kind"] == "ended") found.push_back(std::move(event));
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Json& a, const Json& b) { return a["started"] < b["started"]; });
  return found;
}

std::int64_t ns(const Json& time) {
  return time.get<std::int64_t>();
}

double seconds(const Json& time) {
  return static_cast<double>(ns(time)) / 1e9;
}

TEST(Workload, ArrivalsThatAreDrawnComeAtTheirRateWhateverTheAnswersDo) {
  const auto arrivals = ended(
      "[[at]]\nt = \"1s\"\nevery = \"exponential(mean=100ms)\"\n"
      "ping = { by = \"any(eu)\", to = \"eu#0\" }\n");
  // Poisson: 5990 give or take 5 standard deviations; and the pauses have the law's deviation.
  const auto count = static_cast<double>(arrivals.size());
  EXPECT_NEAR(count, 5990, 5 * std::sqrt(5990));
  double sum = 0;
  double squares = 0;
  for (std::size_t i = 1; i < arrivals.size(); ++i) {
    const double pause = seconds(arrivals[i]["started"]) - seconds(arrivals[i - 1]["started"]);
    sum += pause;
    squares += pause * pause;
  }
  const double mean = sum / (count - 1);
  EXPECT_NEAR(std::sqrt(squares / (count - 1) - mean * mean) / mean, 1, 0.1);
}

TEST(Workload, AClientGoesOnOnceItHasItsAnswerAndHasThought) {
  const auto turns = ended(
      "[[at]]\nt = \"1s\"\nthink = \"uniform(1s, 3s)\"\nuntil = \"9min\"\n"
      "lookup = { by = \"sample(eu, 20%)\", key = \"a{n}\" }\n");
  std::map<std::string, std::vector<Json>> by;
  for (const Json& turn : turns) by[turn["from"]].push_back(turn);
  ASSERT_EQ(by.size(), 4U);
  std::vector<std::int64_t> seconds_turns;
  for (const auto& [client, its] : by) {
    EXPECT_EQ(seconds(its[0]["started"]), 1) << client;
    for (std::size_t i = 1; i < its.size(); ++i) {
      const std::int64_t thought = ns(its[i]["started"]) - ns(its[i - 1]["t"]);
      EXPECT_GE(thought, 1'000'000'000) << client;
      EXPECT_LE(thought, 3'000'000'000) << client;
    }
    EXPECT_LE(seconds(its.back()["started"]), 540);
    EXPECT_GE(seconds(its.back()["t"]), 536);
    seconds_turns.push_back(its[1]["started"].get<std::int64_t>());
  }
  std::sort(seconds_turns.begin(), seconds_turns.end());
  EXPECT_EQ(std::unique(seconds_turns.begin(), seconds_turns.end()), seconds_turns.end());
}

TEST(Workload, AClientThatIsDownGoesOnWhenItIsBack) {
  const auto turns = ended(
      "[[at]]\nt = \"1s\"\nthink = \"500ms\"\nlookup = { by = \"eu#1\", key = \"a\" }\n"
      "[[at]]\nt = \"100s\"\ncrash = \"eu#1\"\n[[at]]\nt = \"200s\"\nrestart = \"eu#1\"\n");
  std::size_t before = 0;
  std::size_t away = 0;
  std::size_t after = 0;
  for (const Json& turn : turns) {
    const double at = seconds(turn["started"]);
    ++(at < 100 ? before : at < 200 ? away : after);
  }
  EXPECT_GT(before, 100U);
  EXPECT_EQ(away, 0U);
  EXPECT_GT(after, 400U);
}

// Each ping of a turn is waited for: else one turn would begin several.
TEST(Workload, ATurnOfSeveralOperationsEndsWithItsLast) {
  const auto turns = ended(
      "[[at]]\nt = \"1s\"\nthink = \"1s\"\nuntil = \"60s\"\n"
      "ping = { by = \"eu#1\", to = \"eu#2 + eu#3 + eu#4\" }\n");
  ASSERT_EQ(turns.size() % 3, 0U);
  for (std::size_t i = 0; i < turns.size(); i += 3) {
    EXPECT_EQ(turns[i]["started"], turns[i + 2]["started"]);
    if (i > 0) {
      EXPECT_GE(ns(turns[i]["started"]) - ns(turns[i - 1]["t"]), 1'000'000'000);
    }
  }
}

}  // namespace
}  // namespace macula::sim
