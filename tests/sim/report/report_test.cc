// What stands on the page, and that it is only ever text.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "sim/macula/kit.h"
#include "sim/report/page.h"
#include "sim/report/report_data.h"

namespace macula::sim {
namespace {

using Json = nlohmann::json;

RunResult run_of(std::uint64_t seed, bool passed, double latency) {
  RunResult run;
  run.scenario = "heal";
  run.profile = "kademlia";
  run.hash = 0xcd;
  run.seed = seed;
  run.passed = passed;
  run.virtual_ns = 10'000'000'000;
  run.messages = 700 + seed;
  ExpectationResult expectation;
  expectation.name = "finds are fast";
  expectation.metric = "lookup.latency_ms.p50";
  expectation.unit = "ms";
  expectation.expected = "<= 50";
  expectation.bounds = {Comparison::at_most, 50, 50};
  expectation.measured = latency;
  expectation.passed = passed;
  run.expectations = {expectation};
  run.metrics["lookup.latency_ms"] = {3, latency, 10, latency, 60, 60, 60, 60, 60, 60};
  run.metrics["success_rate(read)"] = {4, 0.75, 0, 1, 1, 1, 1, 1, 1, 1};
  run.histograms["lookup.latency_ms"] = {{10, 1}, {latency, 1}, {60, 1}};
  Timeline timeline;
  timeline.bin_ns = 5'000'000'000;
  timeline.messages = {300, 400 + seed};
  timeline.bytes = {1000, 2000};
  timeline.up = {5, 4};
  timeline.operations = {{2, 1}, {0, 1}, {40'000'000, std::nullopt}, {50'000'000, std::nullopt}};
  timeline.by_label["read"] = timeline.operations;
  timeline.happenings = {
      {HappeningKind::fault, "partition", "a / b", "", 2'000'000'000, 2'000'000'000},
      {HappeningKind::fault, "heal", "", "", 4'000'000'000, 4'000'000'000},
      {HappeningKind::fault, "crash", "a", "", 5'000'000'000, 5'000'000'000},
      {HappeningKind::fault, "restart", "b", "", 6'000'000'000, 6'000'000'000}};
  timeline.windows = {{0, 10'000'000'000}};
  run.timeline = timeline;
  return run;
}

ReportedStore store_of(const std::vector<RunResult>& runs, const Overrides& overrides = {}) {
  ReportedStore store{"results", this_program(), {}, {}};
  Group group{"heal", "virtual", "kademlia", 0xcd, "faults/heal.toml", overrides, runs, {}};
  for (const RunResult& run : runs) group.pictures.add(run);
  store.groups.push_back(std::move(group));
  return store;
}

Json page_of(const std::vector<ReportedStore>& stores, std::size_t most = kReportBytesMax) {
  const auto text = report_data(macula_kit(), stores, most);
  EXPECT_TRUE(text) << text.error();
  return Json::parse(*text);
}

TEST(Report, FirstScreenSaysTheFirstFailureAndItsReplay) {
  const Json page = page_of({store_of(
      {run_of(1, true, 40), run_of(2, false, 55), run_of(3, false, 70)}, {{"protocol.k", "2"}})});
  const Json& summary = page["summary"];
  EXPECT_EQ(summary["verdict"], "fail");
  EXPECT_EQ(summary["runs"], 3);
  EXPECT_EQ(summary["failed"], 2);
  EXPECT_EQ(summary["seed"], "2");
  EXPECT_EQ(summary["why"], "finds are fast: expected <= 50ms, measured 55ms");
  EXPECT_EQ(summary["replay"], "macula-sim run faults/heal.toml --seed 2 --set protocol.k=2");
}

TEST(Report, RunsThatFailedStandFirst) {
  const Json page =
      page_of({store_of({run_of(1, true, 40), run_of(2, false, 55), run_of(3, true, 41)})});
  std::vector<std::string> seeds;
  for (const Json& run : page["groups"][0]["list"]) seeds.push_back(run["seed"]);
  EXPECT_EQ(seeds, (std::vector<std::string>{"2", "1", "3"}));
}

TEST(Report, MetricsAreMeansOverTheSeedsWithIntervals) {
  const Json page = page_of({store_of({run_of(1, true, 40), run_of(2, true, 44)})});
  const Json& metric = page["groups"][0]["metrics"][0];
  EXPECT_EQ(metric["name"], "lookup.latency_ms");
  EXPECT_EQ(metric["unit"], "ms");
  EXPECT_EQ(metric["p50"][0], 42);
  // t(0.975; 1) is 12.7062, and the standard error 2.
  EXPECT_NEAR(metric["p50"][2].get<double>(), 42 + 2 * 12.7062, 0.01);
  const Json& rate = page["groups"][0]["metrics"][1];
  EXPECT_EQ(rate["unit"], "rate");
  EXPECT_FALSE(rate.contains("p50"));
}

TEST(Report, DistributionsOfSeedsAddUp) {
  const Json page = page_of({store_of({run_of(1, true, 40), run_of(2, true, 40)})});
  const Json& distribution = page["groups"][0]["distributions"][0];
  EXPECT_EQ(distribution["samples"], 6);
  EXPECT_EQ(distribution["curve"], Json::parse("[[10, 0.333333], [40, 0.666667], [60, 1]]"));
}

// A partition lasts until the heal, a crash until the restart of the same nodes.
TEST(Report, FaultsLastUntilTheyAreEnded) {
  const Json page = page_of({store_of({run_of(1, true, 40)})});
  const Json& faults = page["groups"][0]["timelines"][0]["lanes"]["faults"];
  EXPECT_EQ(faults[0]["name"], "partition");
  EXPECT_EQ(faults[0]["from"], 2);
  EXPECT_EQ(faults[0]["until"], 4);
  EXPECT_EQ(faults[1]["name"], "crash");
  EXPECT_EQ(faults[1]["until"], 10);
  EXPECT_EQ(faults[2]["name"], "restart");  // of another node: it ends nothing
}

TEST(Report, OfSeveralSeedsThereIsTheMeanOverTime) {
  const Json page = page_of({store_of({run_of(2, true, 40), run_of(4, false, 60)})});
  const Json& timelines = page["groups"][0]["timelines"];
  ASSERT_EQ(timelines.size(), 3u);
  EXPECT_TRUE(timelines[0]["seed"].is_null());
  EXPECT_EQ(timelines[0]["messages"], Json::parse("[300, 403]"));
  EXPECT_EQ(timelines[0]["operations"]["ended"], Json::parse("[4, 2]"));
  EXPECT_EQ(timelines[0]["operations"]["p50_ms"], Json::parse("[40, null]"));
  EXPECT_EQ(timelines[1]["seed"], "4");  // that failed
}

// Whatever the store, the page stays small, says what it leaves out, and keeps what failed.
TEST(Report, ALargeStoreIsThinnedAndTheReportSaysSo) {
  std::vector<RunResult> runs;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) runs.push_back(run_of(seed, seed != 399, 40));
  const Json whole = page_of({store_of(runs)});
  EXPECT_EQ(whole["groups"][0]["list"].size(), 400u);
  const auto text = report_data(macula_kit(), {store_of(runs)}, 20'000);
  ASSERT_TRUE(text);
  EXPECT_LE(text->size(), 20'000u);
  const Json page = Json::parse(*text);
  EXPECT_EQ(page["groups"][0]["list"][0]["seed"], "399");
  EXPECT_EQ(page["summary"]["runs"], 400);
  EXPECT_NE(page["left_out"].dump().find("of 400 runs"), std::string::npos) << page["left_out"];
}

TEST(Report, ASweepHasItsKeysAndAPointForEachSetting) {
  ReportedStore store = store_of({run_of(1, true, 40), run_of(2, true, 42)},
                                 {{"protocol.k", "2"}, {"protocol.alpha", "1"}});
  ReportedStore other = store_of({run_of(1, true, 50), run_of(2, false, 52)},
                                 {{"protocol.k", "2"}, {"protocol.alpha", "3"}});
  other.groups[0].hash = 0xce;
  store.groups.push_back(other.groups[0]);
  const Json page = page_of({store});
  ASSERT_EQ(page["sweeps"].size(), 1u);
  const Json& sweep = page["sweeps"][0];
  EXPECT_EQ(sweep["axes"], Json::parse(R"([{"key": "protocol.alpha", "values": ["1", "3"]}])"));
  EXPECT_EQ(sweep["points"][1]["passed"], 1);
  std::size_t p50 = 0;
  while (sweep["figures"][p50]["name"] != "lookup.latency_ms.p50") ++p50;
  EXPECT_EQ(sweep["points"][0]["figures"][p50][0], 41);
  EXPECT_EQ(sweep["points"][1]["figures"][p50][0], 51);
  EXPECT_TRUE(page_of({store_of({run_of(1, true, 40)})})["sweeps"].empty());
}

// No text of a result is more than a text: neither in HTML nor where it is read by people.
RC_GTEST_PROP(Page, DataEndNoScript, (const std::string& text)) {
  const Json json = {{"name", text + "</script><!-- <script> \xe2\x80\xa8 & ]]>"}};
  const std::string dumped = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  const std::string safe = inert(dumped);
  RC_ASSERT(safe.find_first_of("<>&") == std::string::npos);
  RC_ASSERT(safe.find("\xe2\x80\xa8") == std::string::npos);
  RC_ASSERT(Json::parse(safe) == Json::parse(dumped));
}

TEST(Page, DataStandWhereTheTemplateSays) {
  EXPECT_EQ(filled("<a>MACULA-DATA</a>", R"({"x":"<b>"})"), "<a>{\"x\":\"\\u003cb\\u003e\"}</a>");
}

TEST(Report, NamesThatReorderTextAreShownAsCodes) {
  RunResult run = run_of(1, false, 55);
  run.expectations[0].name =
      "a\xe2\x80\xae"
      "b";
  const auto text = report_data(macula_kit(), {store_of({run})});
  ASSERT_TRUE(text);
  EXPECT_EQ(text->find("\xe2\x80\xae"), std::string::npos);
}

}  // namespace
}  // namespace macula::sim
