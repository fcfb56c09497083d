#include "sim/study/stored_run.h"

#include <gtest/gtest.h>

#include <limits>
#include <set>

#include "sim/study/asked.h"
#include "sim/study/sealed.h"
#include "sim/study/store_listing.h"
#include "sim/study/text.h"
#include "tests/sim/study/sample_run.h"

namespace macula::sim {
namespace {

Unit unit_of_sample() {
  const RunResult run = sample_run();
  return {{"0.1.0", "abc", 1}, run.hash, run.world, run.seed};
}

// Everything that a unit is stands in its name.
TEST(Unit, IsNamedByAllThatItIs) {
  std::set<std::string> names{unit_name(unit_of_sample())};
  Unit unit = unit_of_sample();
  unit.program.version = "0.1.1";
  names.insert(unit_name(unit));
  unit = unit_of_sample();
  unit.program.commit = "abc+";
  names.insert(unit_name(unit));
  unit = unit_of_sample();
  unit.program.fates_version = 2;
  names.insert(unit_name(unit));
  unit = unit_of_sample();
  ++unit.scenario_hash;
  names.insert(unit_name(unit));
  unit = unit_of_sample();
  unit.world = "virtual-quic";
  names.insert(unit_name(unit));
  unit = unit_of_sample();
  --unit.seed;
  names.insert(unit_name(unit));
  EXPECT_EQ(names.size(), 7u);
  EXPECT_EQ(names.begin()->size(), 32u);
}

TEST(StoredHeading, IsThatOfTheWholeResult) {
  const RunResult run = sample_run();
  std::string text = stored_text(unit_of_sample(), run);
  const auto heading = read_heading(text);
  ASSERT_TRUE(heading) << heading.error();
  EXPECT_EQ(heading->program, "0.1.0 (abc)");
  EXPECT_EQ(heading->scenario, run.scenario);
  EXPECT_EQ(heading->world, run.world);
  EXPECT_EQ(heading->seed, run.seed);
  EXPECT_EQ(heading->verdict, verdict_name(run));
  text[text.size() - 3] ^= 1;
  EXPECT_NE(read_heading(text).error().find("it was altered"), std::string::npos);
  EXPECT_NE(read_heading(text.substr(0, 60)).error().find("cut off"), std::string::npos);
  EXPECT_NE(read_heading("").error().find("empty"), std::string::npos);
}

TEST(StoredRun, IsReadAsItWasWritten) {
  RunResult run = sample_run();
  run.errors = {{12, "hit nobody"}};
  run.notes = {{24, "met no packet"}};
  run.unfinished = {{"probe", 2}, {"", 1}};
  run.stopped = "the limit of 10 events was reached";
  run.labels_left_out = 3;
  run.violations = {{"table", "eu#3", "a bucket holds 21 of 20", 5'000'000'000, 77},
                    {"values", "", "nobody wrote it", 6'000'000'000, 99}};
  run.violations_left_out = 4;
  run.nodes = 20'000;
  run.watched = 19'999;
  run.expectations[1].bounds = {Comparison::at_most, 3, 3};
  run.expectations[2].bounds = {Comparison::between, 2, 4};
  run.metrics["odd \" \n"] = {1, 0.1, 1.0 / 3, 1e300, 5e-324, -0.0, 1, 2, 3, 1e17};
  const auto read = read_stored(stored_text(unit_of_sample(), run));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->unit, unit_of_sample());
  EXPECT_EQ(read->result.metrics, run.metrics);
  EXPECT_EQ(read->result.digest, run.digest);
  EXPECT_EQ(read->result.events, run.events);
  EXPECT_EQ(read->result.stopped, run.stopped);
  EXPECT_EQ(read->result.violations, run.violations);
  EXPECT_EQ(read->result.unfinished, run.unfinished);
  EXPECT_EQ(read->result.errors[0].text, "hit nobody");
  EXPECT_FALSE(read->result.expectations[0].passed);
  EXPECT_EQ(read->result.expectations[0].detail, run.expectations[0].detail);
  EXPECT_EQ(read->result.expectations[1].measured, std::nullopt);
  EXPECT_EQ(read->result.expectations[1].bounds.high, 3);
  EXPECT_EQ(read->result.expectations[2].bounds.low, 2);
  EXPECT_TRUE(read->result.expectations[2].passed);
  EXPECT_EQ(stored_text(read->unit, read->result), stored_text(unit_of_sample(), run));
}

TEST(StoredRun, KeepsWhatPicturesAreDrawnFrom) {
  RunResult run = sample_run();
  run.histograms["latency_ms(probe)"] = {{20.25, 1}, {44, 2}, {70, 1}};
  Timeline timeline;
  timeline.bin_ns = 4'502'500'000;
  timeline.messages = {300, 400};
  timeline.bytes = {1000, 0};
  timeline.up = {5, 4};
  timeline.operations = {{2, 0}, {1, 0}, {40'000'000, std::nullopt}, {50'000'000, std::nullopt}};
  timeline.by_label = {{"</script>", timeline.operations}, {"none", {}}};
  timeline.labels_left_out = 3;
  timeline.happenings = {{HappeningKind::churn, "asia", "asia", "", 0, 9},
                         {HappeningKind::operation, "find", "any(eu)", "read", 5, 5}};
  timeline.happenings_left_out = 7;
  timeline.windows = {{0, 1}, {2, 3}, {4, 4}};
  run.timeline = timeline;
  const std::string text = stored_text(unit_of_sample(), run);
  const auto read = read_stored(text);
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->result.timeline, run.timeline);
  EXPECT_EQ(read->result.histograms, run.histograms);
  EXPECT_EQ(stored_text(unit_of_sample(), read->result), text);
  // Lists of other lengths are refused, and no page is drawn from them.
  run.timeline->up = {5};
  EXPECT_FALSE(read_stored(stored_text(unit_of_sample(), run)));
  run.timeline = timeline;
  run.timeline->operations.failed = {1};
  EXPECT_FALSE(read_stored(stored_text(unit_of_sample(), run)));
  run.timeline = timeline;
  run.timeline->bin_ns = 0;
  EXPECT_FALSE(read_stored(stored_text(unit_of_sample(), run)));
}

// Another clock, another path and other words for the same settings: the same bytes.
TEST(StoredRun, DependsOnNothingButTheUnit) {
  const std::string text = stored_text(unit_of_sample(), sample_run());
  RunResult run = sample_run();
  run.wall_ns = 7;
  run.file = "/elsewhere/heal.toml";
  run.overrides = {};
  for (ExpectationResult& expectation : run.expectations) expectation.line += 3;
  EXPECT_EQ(stored_text(unit_of_sample(), run), text);
  for (RunResult* each : {&run}) {
    each->crash = "check failed: a == b (x.cc:1)\nin heal (" + each->file +
                  "), seed 3\nreplay: macula-sim run " + each->file + " --seed 3";
  }
  RunResult here = sample_run();
  here.crash =
      "check failed: a == b (x.cc:1)\nin heal (faults/heal.toml), seed 3\nreplay: "
      "macula-sim run faults/heal.toml --seed 3";
  EXPECT_EQ(stored_text(unit_of_sample(), run), stored_text(unit_of_sample(), here));
  EXPECT_EQ(read_stored(stored_text(unit_of_sample(), here))->result.crash,
            "check failed: a == b (x.cc:1)\nin heal, seed 3");
}

TEST(StoredRun, WhatIsCutOffOrAlteredIsRefused) {
  const std::string text = stored_text(unit_of_sample(), sample_run());
  for (std::size_t length = 0; length + 1 < text.size(); ++length) {
    const auto read = read_stored(text.substr(0, length));
    ASSERT_FALSE(read) << length;
    EXPECT_FALSE(read.error().empty());
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const char c : {'0', '7', ' ', 'x'}) {
      if (text[i] == c) continue;
      std::string altered = text;
      altered[i] = c;
      EXPECT_FALSE(read_stored(altered)) << i << ": " << altered;
    }
  }
  EXPECT_FALSE(read_stored(text + " "));
  EXPECT_FALSE(read_stored(text + text));
}

// Somebody who alters a file and its hash, too, still cannot make it what it is not.
TEST(StoredRun, SaysWhatIsWrongAndWhere) {
  const auto json = nlohmann::ordered_json::parse(stored_text(unit_of_sample(), sample_run()));
  using Json = nlohmann::ordered_json;
  const std::vector<std::pair<std::function<void(Json&)>, std::string>> wrong{
      {[](Json& all) { all["runs"][0]["seed"] = -1; }, "runs.0.seed: a whole number"},
      {[](Json& all) { all["runs"][0]["seed"] = 4; }, "it says that it is unit"},
      {[](Json& all) { all["commit"] = "other"; }, "it says that it is unit"},
      {[](Json& all) { all["runs"][0].erase("digest"); }, "runs.0.digest: a text is missing"},
      {[](Json& all) { all["runs"][0]["digest"] = "+1"; }, "16 hexadecimal digits"},
      {[](Json& all) { all["runs"][0]["verdict"] = "good"; }, "one of pass, fail"},
      {[](Json& all) { all["runs"][0]["verdict"] = "crash"; }, "runs.0.verdict"},
      {[](Json& all) { all["runs"][0]["verdict"] = "violated"; }, "runs.0.verdict"},
      {[](Json& all) { all["runs"][0]["metrics"]["lookup.depth"]["p50"] = nullptr; },
       "runs.0.metrics.lookup.depth.p50: a number"},
      {[](Json& all) { all["runs"][0]["metrics"] = 3; }, "runs.0.metrics: an object"},
      {[](Json& all) { all["runs"][0]["expectations"][1]["bounds"].erase("low"); },
       "runs.0.expectations.1.bounds.low: a number is missing"},
      {[](Json& all) { all["runs"][0]["virtual_ns"] = 9223372036854775808U; }, "below 2^63"},
      {[](Json& all) { all["runs"] = Json::array(); }, "0 runs in place of one"}};
  for (const auto& [alter, said] : wrong) {
    Json altered = json;
    alter(altered);
    altered.erase("schema");
    altered.erase("sha256");
    const auto read = read_stored(sealed(altered));
    ASSERT_FALSE(read) << said;
    EXPECT_NE(read.error().find(said), std::string::npos) << read.error();
  }
  for (const auto& [text, said] : std::vector<std::pair<std::string, std::string>>{
           {"", "empty"},
           {"[]", "no object"},
           {"{}", "did not write it"},
           {R"({"schema":3,"sha256":""})", "schema 3, and this program reads schema 2"},
           {R"({"schema":2,"runs":[]})", "no file of a store"},
           {R"({"schema":2,"sha256":"12"})", "is no hash"},
           {std::string(100'000, '['), "no JSON"}}) {
    const auto read = read_stored(text);
    ASSERT_FALSE(read);
    EXPECT_NE(read.error().find(said), std::string::npos) << read.error();
  }
}

TEST(Asked, IsReadAsItWasWritten) {
  Asked asked{{"0.1.0", "abc", 1},
              {{"heal", 5, "virtual", {1, 20}},
               {"heal", 6, "quic", {~std::uint64_t{0} - 1, ~std::uint64_t{0}}}}};
  const auto read = read_asked(asked_text(asked));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->program, asked.program);
  ASSERT_EQ(read->runs.size(), 2u);
  EXPECT_EQ(read->runs[1].scenario_hash, 6u);
  EXPECT_EQ(read->runs[1].seeds.last, ~std::uint64_t{0});
  EXPECT_EQ(asked_text(*read), asked_text(asked));
  asked.runs[0].seeds = {3, 2};
  EXPECT_FALSE(read_asked(asked_text(asked)));
  asked.runs[0].seeds = {0, ~std::uint64_t{0}};
  EXPECT_FALSE(read_asked(asked_text(asked)));
}

}  // namespace
}  // namespace macula::sim
