// The contents of the page, which are only ever text.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "sim/file/parse.h"
#include "sim/macula/kit.h"
#include "sim/report/close_up_page.h"
#include "sim/report/close_ups.h"
#include "sim/report/page.h"
#include "sim/report/report_data.h"
#include "sim/run/run.h"
#include "sim/study/lookup_choice.h"
#include "tests/temp_folder.h"

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

// The page stays small with any store, says what it leaves out, and keeps what failed.
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

// ----- one run from nearby -----

// As large as its limits let it be.
CloseUp largest() {
  const std::string name = "a-group-with-a-long-name#999999";
  CloseUp close_up;
  close_up.lookups_ended = 5'000'000;
  for (std::size_t i = 0; i < LookupChoice::kMost; ++i) {
    CloseLookup lookup{"drawn", 1'000'000, {}};
    Story& story = lookup.story;
    story.operation.name = name + "/1";
    story.operation.verb = "find";
    story.operation.by = name;
    story.operation.label = "read";
    story.operation.outcome = "timeout";
    story.operation.id = std::string(64, 'f');
    story.operation.ended = time_from_ns(90'000'000'123);
    for (std::size_t j = 0; j < 2 * kRequestsTold; ++j) {
      StoryRequest request;
      request.sent = time_from_ns(1'234'567 * static_cast<std::int64_t>(j));
      request.to = name;
      request.message = "find_value";
      request.shared_bits = 17;
      request.failed = request.sent + std::chrono::milliseconds(5001);
      story.requests.push_back(request);
    }
    close_up.lookups.push_back(lookup);
  }
  IdSnapshot snapshot;
  snapshot.nodes = snapshot.up = 1'000'000;
  for (std::size_t row = 0; row < IdSnapshot::kBins; ++row) {
    snapshot.bins.push_back({name, 15'625, 15'625, 1'234'567, 1'234'567});
    for (std::size_t column = 0; column < IdSnapshot::kBins; ++column) {
      snapshot.cells.push_back({row, column, 123'456});
    }
  }
  for (std::size_t i = 0; i < IdSnapshot::kRing; ++i) {
    RingNode node{name, 0.123456, true, 127, 120, {}};
    for (std::size_t j = 0; j < IdSnapshot::kRing; ++j) node.known.push_back(j);
    snapshot.ring.push_back(node);
  }
  close_up.snapshots.assign(CloseUp::kInstants + 1, snapshot);
  const OutstandingNode node{name, 1'234'567, 123.456};
  close_up.figures.assign(
      10, {"requests to it unanswered", "count", 1'000'000, 12'345, 99'999, {node, node, node}});
  return close_up;
}

// A page shows no more of a million nodes than of a thousand, and stays small with any store.
TEST(Report, AMillionNodesFromNearbyFitIntoThePage) {
  std::vector<ReportedStore> stores{store_of({run_of(1, true, 40)})};
  stores[0].groups[0].close_up = largest();
  const auto one = report_data(macula_kit(), stores);
  ASSERT_TRUE(one);
  EXPECT_LT(one->size(), 2'000'000u);
  EXPECT_TRUE(Json::parse(*one)["groups"][0].contains("close_up"));
  for (std::size_t i = 1; i < kCloseUps; ++i) {
    stores[0].groups.push_back(stores[0].groups.front());
    stores[0].groups.back().hash += i;
  }
  const auto all = report_data(macula_kit(), stores);
  ASSERT_TRUE(all);
  EXPECT_LT(all->size(), kReportBytesMax);
  const Json page = Json::parse(*all);
  EXPECT_TRUE(page["groups"][0].contains("close_up"));
  EXPECT_NE(page["groups"][3].dump().find("left out to keep this page small"), std::string::npos);
}

TEST(Report, ARequestIsShownAsWhatBecameOfIt) {
  Story story;
  story.operation.verb = "find";
  story.operation.by = "a";
  story.operation.label = "read";
  story.operation.outcome = "timeout";
  story.operation.id = std::string(64, '0');
  story.operation.ended = time_from_ns(900'000'000);
  story.lives["dead"] = {{time_from_ns(1), false}};
  const auto request = [&](const std::string& to, bool answered, bool failed) {
    StoryRequest made;
    made.to = to;
    made.shared_bits = 6;
    if (answered) made.answered = time_from_ns(40'000'000);
    if (failed) made.failed = time_from_ns(500'000'000);
    story.requests.push_back(made);
  };
  request("b", true, false);
  request("c", false, true);
  request("dead", false, true);
  request("", false, true);
  request("d", false, false);
  std::vector<ReportedStore> stores{store_of({run_of(1, true, 40)}, {{"protocol.k", "2"}})};
  stores[0].groups[0].close_up.emplace().lookups.push_back({"slow", 7, story});
  const Json lookup = page_of(stores)["groups"][0]["close_up"]["lookups"][0];
  std::vector<std::string> kinds;
  for (const Json& each : lookup["requests"]) kinds.push_back(each["kind"]);
  EXPECT_EQ(kinds, (std::vector<std::string>{"answered", "silent", "dead", "dead", "open"}));
  EXPECT_EQ(lookup["requests"][0]["distance"], 250);
  EXPECT_EQ(lookup["requests"][0]["end"], 40);
  EXPECT_EQ(lookup["requests"][4]["end"], 900);
  EXPECT_EQ(lookup["why"],
            "macula-sim why faults/heal.toml --label read --nth 7 --seed 1 --set protocol.k=2");
}

// The results in a store may be stale, and a page shows no other run in its place.
class Reruns : public testing::Test {
 protected:
  static std::string text() {
    return "[scenario]\nschema = 1\nname = \"near\"\nduration = \"1min\"\n[[group]]\n"
           "name = \"eu\"\ncount = 5\n[[expect]]\nname = \"all up\"\n"
           "metric = \"healthy(all)\"\nequals = \"100%\"\n";
  }
  void SetUp() override { folder_.write("near.toml", text()); }

  // A run of the file as it is now.
  [[nodiscard]] ReportedStore run() const {
    const auto scenario = parse_scenario(macula_kit(), folder_.path("near.toml"));
    const RunResult result = run_scenario(*scenario, 5, {});
    ReportedStore store{"results", this_program(), {}, {}};
    store.groups.push_back({"near",
                            "virtual",
                            result.profile,
                            scenario->hash,
                            folder_.path("near.toml"),
                            {},
                            {result},
                            {}});
    return store;
  }
  static std::string why_none(ReportedStore store, std::uint64_t events = kRerunEvents) {
    std::vector<ReportedStore> stores{std::move(store)};
    add_close_ups(macula_kit(), stores, events, [] { return false; });
    return stores[0].groups[0].close_up ? "" : stores[0].groups[0].no_close_up;
  }

  TempFolder folder_;
};

TEST_F(Reruns, ARunIsLookedAtFromNearbyWhereItsFileIsWhatItWas) {
  EXPECT_EQ(why_none(run()), "");
}

TEST_F(Reruns, AnotherFileIsNotShownInItsPlace) {
  const ReportedStore store = run();
  folder_.write("near.toml", text() + "at_least = 3\n");
  EXPECT_EQ(why_none(store), folder_.path("near.toml") + " is not here, or is no scenario");
  std::string changed = text();
  folder_.write("near.toml", changed.replace(changed.find("count = 5"), 9, "count = 6"));
  EXPECT_EQ(why_none(store), folder_.path("near.toml") + " is another scenario now");
}

TEST_F(Reruns, ThoseThatAreTooLongAreNotMadeAgain) {
  ReportedStore store = run();
  EXPECT_EQ(why_none(store, 0), "no run was to be made again (--rerun 0)");
  store.groups[0].runs[0].events = 3'000'000;
  EXPECT_EQ(why_none(store), "the run has 3 000 000 events; --rerun 3000000 allows for them");
}

TEST_F(Reruns, AnotherWorldAndAnUnknownFileAreSaid) {
  ReportedStore store = run();
  store.groups[0].world = "quic";
  EXPECT_EQ(why_none(store), "that is done in the world virtual only");
  store.groups[0].world = "virtual";
  store.groups[0].file.clear();
  EXPECT_EQ(why_none(store), "the store does not say which file was run");
}

TEST_F(Reruns, TheFirstScenariosAlone) {
  std::vector<ReportedStore> stores{run()};
  while (stores[0].groups.size() < kCloseUps + 1) stores[0].groups.push_back(stores[0].groups[0]);
  stores[0].groups.back().runs[0].passed = false;
  add_close_ups(macula_kit(), stores, kRerunEvents, [] { return false; });
  EXPECT_TRUE(stores[0].groups[kCloseUps].close_up) << "the one that failed comes first";
  EXPECT_FALSE(stores[0].groups[kCloseUps - 1].close_up);
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
