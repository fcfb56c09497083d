#include "sim/run/timeline_recorder.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string>

#include "sim/run/run.h"
#include "tests/sim/scenario_text.h"

namespace macula::sim {
namespace {

// Pings a second apart from 10 s to 89 s, of which those amid the crash of their target fail.
constexpr const char* kText = R"toml(
[scenario]
schema = 1
name = "over-time"
duration = "100s"

[[node]]
name = "a"
role = "bootstrap"

[[node]]
name = "b"
join = { via = "a", at = "2s" }

[[at]]
t = "10s"
every = "1s"
until = "89s"
ping = { by = "b", to = "a", label = "probe" }

[[at]]
t = "50500ms"
crash = "a"

[[at]]
t = "70500ms"
restart = "a"

[[expect]]
name = "answered at first"
during = ["10s", "40s"]
metric = "success_rate(probe)"
equals = "100%"
)toml";

RunResult run_with(bool pictures) {
  const auto scenario = *parse(kText);
  RunOptions options;
  options.pictures = pictures;
  return run_scenario(scenario, 1, options);
}

std::uint64_t sum(const std::vector<std::uint64_t>& bins, std::size_t from, std::size_t until) {
  return std::accumulate(bins.begin() + static_cast<std::ptrdiff_t>(from),
                         bins.begin() + static_cast<std::ptrdiff_t>(until), std::uint64_t{0});
}

TEST(TimelineRecorder, ChangesNothingOfTheRun) {
  const RunResult with = run_with(true);
  const RunResult without = run_with(false);
  EXPECT_EQ(with.digest, without.digest);
  EXPECT_EQ(with.events, without.events);
  EXPECT_EQ(with.metrics, without.metrics);
  EXPECT_TRUE(with.timeline);
  EXPECT_FALSE(without.timeline);
  EXPECT_TRUE(without.histograms.empty());
}

TEST(TimelineRecorder, HasWhatHappenedInItsBin) {
  const RunResult run = run_with(true);
  const Timeline& timeline = *run.timeline;
  ASSERT_EQ(timeline.bin_ns, 500'000'000);
  ASSERT_EQ(timeline.messages.size(), 200u);
  EXPECT_EQ(sum(timeline.messages, 0, 200), run.messages);
  // b comes at 2 s; a is down from 50.5 s to 70.5 s.
  EXPECT_EQ(timeline.up[0], 1u);
  EXPECT_EQ(timeline.up[10], 2u);
  EXPECT_EQ(timeline.up[99], 2u);
  EXPECT_EQ(timeline.up[110], 1u);
  EXPECT_EQ(timeline.up[150], 2u);
  // Each ping stands where it began.
  const TimelineOperations& pings = timeline.by_label.at("probe");
  EXPECT_EQ(pings, timeline.operations);
  EXPECT_EQ(sum(pings.ended, 0, 20), 0u);
  EXPECT_EQ(sum(pings.ended, 20, 180), 80u);
  EXPECT_EQ(sum(pings.failed, 20, 100), 0u);
  EXPECT_GT(sum(pings.failed, 100, 141), 10u);
  EXPECT_FALSE(pings.p50_ns[19]);
  ASSERT_TRUE(pings.p50_ns[30]);
  EXPECT_GT(*pings.p50_ns[30], 0u);
}

TEST(TimelineRecorder, TellsStepsAndWhenExpectationsLook) {
  const Timeline timeline = *run_with(true).timeline;
  ASSERT_EQ(timeline.happenings.size(), 3u);
  EXPECT_EQ(timeline.happenings[0], (Happening{HappeningKind::operation, "ping", "b, a", "probe",
                                               10'000'000'000, 89'000'000'000}));
  EXPECT_EQ(timeline.happenings[1],
            (Happening{HappeningKind::fault, "crash", "a", "", 50'500'000'000, 50'500'000'000}));
  EXPECT_EQ(timeline.windows[0], (ExpectationWindow{10'000'000'000, 40'000'000'000}));
}

TEST(TimelineRecorder, HistogramsHoldEverySample) {
  const RunResult run = run_with(true);
  const auto& bars = run.histograms.at("latency_ms(probe)");
  const Summary& latency = run.metrics.at("latency_ms(probe)");
  std::uint64_t count = 0;
  double mean = 0;
  for (const HistogramBar& bar : bars) {
    count += bar.count;
    mean += bar.value * static_cast<double>(bar.count);
  }
  EXPECT_EQ(count, latency.count);
  EXPECT_NEAR(mean / static_cast<double>(count), latency.mean, latency.mean / 100);
}

// Some of many steps are only counted, and faults go before operations.
TEST(TimelineRecorder, ManyStepsAreCounted) {
  std::string text = kText;
  for (int i = 0; i < 300; ++i) {
    text += "[[at]]\nt = \"20s\"\nping = { by = \"b\", to = \"a\" }\n";
  }
  const auto scenario = *parse(text);
  Timeline timeline;
  add_happenings(scenario, TimelineRecorder::kHappeningsMax, timeline);
  EXPECT_EQ(timeline.happenings.size(), TimelineRecorder::kHappeningsMax);
  EXPECT_EQ(timeline.happenings_left_out, 303 - TimelineRecorder::kHappeningsMax);
  EXPECT_EQ(timeline.happenings[0].name, "crash");
}

}  // namespace
}  // namespace macula::sim
