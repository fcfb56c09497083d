#include "sim/study/comparison.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "sim/macula/kit.h"
#include "sim/study/comparison_text.h"
#include "sim/study/planted_change.h"

namespace macula::sim {
namespace {

constexpr double kLevel = 0.05;

Summary summary_of(double value) {
  Summary summary;
  summary.count = 100;
  summary.mean = summary.min = summary.p50 = summary.p75 = summary.p90 = value;
  summary.p95 = summary.p99 = summary.p99_9 = summary.max = value;
  return summary;
}

// Runs with seeds 1 to `count`; the value follows from the seed.
std::vector<RunResult> runs_of(std::size_t count, const std::string& metric,
                               const std::function<double(std::uint64_t)>& value) {
  std::vector<RunResult> runs;
  for (std::uint64_t seed = 1; seed <= count; ++seed) {
    RunResult run;
    run.seed = seed;
    run.digest = static_cast<std::uint64_t>(value(seed) * 1e6) + seed;
    run.messages = 1000;
    run.metrics[metric] = summary_of(value(seed));
    runs.push_back(std::move(run));
  }
  return runs;
}

double noisy(std::uint64_t seed) {
  return 100 + static_cast<double>(seed * 7919 % 13);
}

PairedComparison of(const std::vector<RunResult>& a, const std::vector<RunResult>& b,
                    const std::string& gauge) {
  const auto compared = compare(a, b, {*parse_gauge(macula_kit(), gauge)}, kLevel);
  EXPECT_TRUE(compared) << compared.error();
  return *compared;
}

Verdict verdict_of(const std::string& gauge, const std::string& metric,
                   const std::function<double(std::uint64_t)>& of_b, std::size_t seeds = 20) {
  return of(runs_of(seeds, metric, noisy), runs_of(seeds, metric, of_b), gauge).rows[0].verdict;
}

TEST(Comparison, CallsWhatChangedByItsDirection) {
  const std::string latency = "lookup.latency_ms.p99";
  const auto slower = [](std::uint64_t seed) { return 1.05 * noisy(seed); };
  const auto faster = [](std::uint64_t seed) { return 0.95 * noisy(seed); };
  EXPECT_EQ(verdict_of(latency, "lookup.latency_ms", slower), Verdict::worse);
  EXPECT_EQ(verdict_of(latency, "lookup.latency_ms", faster), Verdict::better);
  EXPECT_EQ(verdict_of("success_rate(a)", "success_rate(a)", slower), Verdict::better);
  EXPECT_EQ(verdict_of("success_rate(a)", "success_rate(a)", faster), Verdict::worse);
  EXPECT_EQ(verdict_of("value.stale", "value.stale", slower), Verdict::worse);
  EXPECT_EQ(verdict_of("table.size.mean", "table.size", slower), Verdict::changed);
}

TEST(Comparison, AChangeWithinTheToleranceIsNoneToActOn) {
  const auto hardly = [](std::uint64_t seed) { return 1.005 * noisy(seed); };
  EXPECT_EQ(verdict_of("lookup.rpcs.mean", "lookup.rpcs", hardly), Verdict::within);
  EXPECT_EQ(verdict_of("lookup.rpcs.mean:0.1%", "lookup.rpcs", hardly), Verdict::worse);
  const auto chance = [](std::uint64_t seed) { return noisy(seed) + (seed % 2 == 0 ? 0.3 : -0.3); };
  EXPECT_EQ(verdict_of("lookup.rpcs.mean", "lookup.rpcs", chance), Verdict::same);
}

TEST(Comparison, FewOrNoisySeedsLeaveItUnsure) {
  const auto slower = [](std::uint64_t seed) { return 1.05 * noisy(seed); };
  EXPECT_EQ(verdict_of("lookup.rpcs.mean", "lookup.rpcs", slower, 4), Verdict::unsure);
  const auto wild = [](std::uint64_t seed) { return noisy(seed * 31 + 5); };
  EXPECT_EQ(verdict_of("lookup.rpcs.mean", "lookup.rpcs", wild), Verdict::unsure);
}

TEST(Comparison, TheSameDigestsAreIdentical) {
  const auto runs = runs_of(5, "lookup.rpcs", noisy);
  const PairedComparison compared = of(runs, runs, "lookup.rpcs.mean");
  EXPECT_EQ(compared.verdict, Verdict::identical);
  EXPECT_EQ(compared.identical, 5U);
  EXPECT_EQ(compared.rows[0].verdict, Verdict::same);
}

// The same events may meet other expectations, and be measured in another way.
TEST(Comparison, TheSameDigestsWithOtherResultsAreNot) {
  auto a = runs_of(8, "lookup.rpcs", noisy);
  for (RunResult& run : a) run.expectations.push_back({"found", 1, true, ">= 1", 1, ""});
  auto broken = a;
  broken[2].expectations[0].passed = false;
  EXPECT_EQ(of(a, broken, "lookup.rpcs.mean").verdict, Verdict::worse);
  auto measured = a;
  for (RunResult& run : measured) run.metrics["lookup.rpcs"] = summary_of(2 * noisy(run.seed));
  const PairedComparison compared = of(a, measured, "lookup.rpcs.mean");
  EXPECT_EQ(compared.identical, 8U);
  EXPECT_EQ(compared.verdict, Verdict::worse);
}

TEST(Comparison, OfOneNameTheFirstIsHeldAgainstTheFirst) {
  auto a = runs_of(8, "lookup.rpcs", noisy);
  for (RunResult& run : a) {
    run.expectations.push_back({"twice", 1, true, ">= 1", 1, ""});
    run.expectations.push_back({"twice", 1, false, ">= 2", 1, ""});
  }
  auto b = a;
  for (RunResult& run : b) run.digest = 0;
  EXPECT_TRUE(of(a, b, "lookup.rpcs.mean").broken.empty());
  b[3].expectations[0].passed = false;
  EXPECT_EQ(of(a, b, "lookup.rpcs.mean").broken.size(), 1U);
}

TEST(Comparison, ItsLevelIsShownBeyondTheNines) {
  const auto runs = runs_of(5, "lookup.rpcs", noisy);
  PairedComparison compared = of(runs, runs, "lookup.rpcs.mean");
  for (const auto& [level, shown] : {std::pair(0.05, " 95 % interval"),
                                     {0.025, "97.5 % interval"},
                                     {0.005, "99.5 % interval"},
                                     {3e-8, "99.999997 % interval"}}) {
    compared.level = level;
    const std::vector<std::string> lines = comparison_lines(compared, {"f", "", "", {}});
    EXPECT_NE(lines[4].find(shown), std::string::npos) << lines[4];
  }
}

// One seed is enough, and it is named.
TEST(Comparison, WhatWasRightIsNoMatterOfChance) {
  const auto always = [](std::uint64_t) { return 1.0; };
  const auto once = [](std::uint64_t seed) { return seed == 3 ? 0.99 : 1.0; };
  const PairedComparison rate = of(runs_of(20, "success_rate(a)", always),
                                   runs_of(20, "success_rate(a)", once), "success_rate(a)");
  EXPECT_EQ(rate.rows[0].verdict, Verdict::worse);
  ASSERT_EQ(rate.broken.size(), 1U);
  EXPECT_EQ(rate.broken[0].seed, 3U);

  auto a = runs_of(8, "lookup.rpcs", noisy);
  for (RunResult& run : a) run.expectations.push_back({"found", 1, true, ">= 1", 1, ""});
  auto b = a;
  b[5].expectations[0].passed = false;
  b[5].digest = 0;
  const PairedComparison expected = of(a, b, "lookup.rpcs.mean");
  EXPECT_EQ(expected.verdict, Verdict::worse);
  ASSERT_EQ(expected.broken.size(), 1U);
  EXPECT_EQ(expected.broken[0].seed, 6U);
  EXPECT_EQ(of(b, a, "lookup.rpcs.mean").verdict, Verdict::same);  // it does not count as better
}

TEST(Comparison, WhatCannotBeComparedIsSaid) {
  const auto a = runs_of(6, "lookup.rpcs", noisy);
  auto b = a;
  b[2].metrics.clear();
  const std::vector<Gauge> gauges{*parse_gauge(macula_kit(), "lookup.rpcs.mean")};
  EXPECT_EQ(compare(a, b, gauges, kLevel).error(),
            "lookup.rpcs.mean has no sample in B with seed 3");
  EXPECT_EQ(compare(b, a, gauges, kLevel).error(),
            "lookup.rpcs.mean has no sample in A with seed 3");
  b = a;
  b[1].crash = "check failed";
  EXPECT_EQ(compare(a, b, gauges, kLevel).error(), "B, seed 2: check failed");
  b = a;
  b[1].stopped = "event limit of 10 reached";
  EXPECT_EQ(compare(a, b, gauges, kLevel).error(), "B, seed 2: event limit of 10 reached");
}

// Six metrics of runs that differ by chance alone: one of them is called in 5 of 100 trials at
// most.
TEST(Comparison, APlaceboIsCalledInAtMostFiveOfAHundred) {
  std::mt19937_64 random(3);
  std::lognormal_distribution<double> noise(3, 0.5);
  const std::vector<std::string> metrics{"lookup.rpcs", "lookup.rounds",   "lookup.depth",
                                         "lookup.slow", "lookup.timeouts", "lookup.latency_ms"};
  std::vector<Gauge> gauges;
  for (const std::string& metric : metrics)
    gauges.push_back(*parse_gauge(macula_kit(), metric + ".mean"));
  int called = 0;
  constexpr int kTrials = 300;
  for (int trial = 0; trial < kTrials; ++trial) {
    auto a = runs_of(12, metrics[0], noisy);
    auto b = a;
    for (auto* runs : {&a, &b}) {
      for (RunResult& run : *runs) {
        run.digest = random();
        for (const std::string& metric : metrics) run.metrics[metric] = summary_of(noise(random));
      }
    }
    const auto compared = compare(a, b, gauges, kLevel);
    ASSERT_TRUE(compared);
    const bool alarm =
        std::any_of(compared->rows.begin(), compared->rows.end(), [](const ComparedRow& row) {
          return row.verdict != Verdict::unsure && row.verdict != Verdict::same;
        });
    called += alarm ? 1 : 0;
  }
  EXPECT_LE(called, kTrials * 8 / 100);  // 5 % and two standard errors
}

TEST(Comparison, PlantedChangesAreCalled) {
  const auto runs = runs_of(10, "lookup.rpcs", noisy);
  const auto tried = try_planted_changes(
      runs,
      {*parse_gauge(macula_kit(), "lookup.rpcs.p95:2%"), *parse_gauge(macula_kit(), "messages")},
      kLevel);
  ASSERT_TRUE(tried);
  EXPECT_EQ(tried->planted, 5U);
  EXPECT_TRUE(tried->missed.empty()) << tried->missed.front();
}

TEST(Comparison, NamesAreNoMarkup) {
  const auto runs = runs_of(6, "success_rate(`|<b>)", noisy);
  const auto compared = of(runs, runs, "success_rate(`|<b>)");
  const std::string text = comparison_markdown(compared, {"a|b`.toml", "", "x=`1`"});
  EXPECT_NE(text.find("`success_rate(''<b>)`"), std::string::npos) << text;
  EXPECT_NE(text.find("`a'b'.toml`"), std::string::npos) << text;
}

}  // namespace
}  // namespace macula::sim
