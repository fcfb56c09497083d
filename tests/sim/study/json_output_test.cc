#include "sim/study/json_output.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/sim/study/sample_run.h"

namespace macula::sim {
namespace {

// To the letter: scripts outside the project read it. The keys of schema 1 stand first, as they
// stood there.
TEST(JsonOutput, HasTheAgreedForm) {
  EXPECT_EQ(
      to_json(sample_run()).dump(),
      R"-({"scenario":"heal","file":"faults/heal.toml","seed":18446744073709551615,)-"
      R"-("world":"virtual","profile":"kademlia","verdict":"fail","digest":"00000000000000ab",)-"
      R"-("virtual_ns":900500000000,"events":1500,"messages":700,"wall_ns":1500000000,)-"
      R"-("expectations":[{"name":"callable <again>","line":41,"verdict":"fail",)-"
      R"-("expected":">= 0.99","measured":0.5,"metric":"success_rate(probe)","unit":"rate",)-"
      R"-("bounds":{"comparison":"at_least","low":0.99},"detail":"not answered by eu#3"},)-"
      R"-({"name":"stored","line":46,"verdict":"fail",)-"
      R"-("expected":">= 1","measured":null,"metric":"success_rate(probe)","unit":"rate",)-"
      R"-("bounds":{"comparison":"at_least","low":1.0},"detail":""},)-"
      R"-({"name":"found","line":50,"verdict":"pass",)-"
      R"-("expected":">= 1","measured":1.0,"metric":"success_rate(probe)","unit":"rate",)-"
      R"-("bounds":{"comparison":"at_least","low":1.0},"detail":""}],)-"
      R"-("metrics":{"latency_ms(probe)":{"count":4,"mean":41.5,"min":20.0,"p50":40.0,"p75":44.0,)-"
      R"-("p90":60.0,"p95":66.4,"p99":70.0,"p99.9":70.0,"max":70.0},)-"
      R"-("lookup.depth":{"count":4,"mean":1.25,"min":1.0,"p50":1.0,"p75":1.0,)-"
      R"-("p90":2.0,"p95":2.0,"p99":2.0,"p99.9":2.0,"max":2.0},)-"
      R"-("success_rate(probe)":{"count":4,"mean":0.75,"min":0.0,"p50":1.0,"p75":1.0,)-"
      R"-("p90":1.0,"p95":1.0,"p99":1.0,"p99.9":1.0,"max":1.0}},)-"
      R"-("labels_left_out":0,"scenario_hash":"00000000000000cd",)-"
      R"-("set":["protocol.k=2","scenario.name=it's"]})-");
}

TEST(JsonOutput, SaysWhatAFailedCheckSaid) {
  RunResult run = sample_run();
  run.crash = "check failed: a == b";
  EXPECT_EQ(to_json(run)["verdict"], "crash");
  EXPECT_EQ(to_json(run)["crash"], "check failed: a == b");
}

TEST(JsonOutput, SaysWhichInvariantsWereBroken) {
  RunResult run = sample_run();
  run.violations = {{"buckets", "eu#3", "a contact lies twice", 1'500'000'000, 100},
                    {"values", "", "nobody wrote it", 2'000'000'000, 200}};
  run.violations_left_out = 3;
  run.nodes = 30'000;
  run.watched = 10'000;
  const auto json = to_json(run);
  EXPECT_EQ(json["verdict"], "violated");
  EXPECT_EQ(json["violations"].dump(),
            R"([{"invariant":"buckets","node":"eu#3","virtual_ns":1500000000,"event":100,)"
            R"("what":"a contact lies twice"},{"invariant":"values","node":null,)"
            R"("virtual_ns":2000000000,"event":200,"what":"nobody wrote it"}])");
  EXPECT_EQ(json["violations_left_out"], 3);
  EXPECT_EQ(json["nodes_watched"], 10'000);
  run.crash = "check failed";
  EXPECT_EQ(to_json(run)["verdict"], "crash");
}

TEST(JsonOutput, BoundsAreThoseThatThereAre) {
  RunResult run = sample_run();
  run.expectations[0].bounds = {Comparison::at_most, 3, 3};
  run.expectations[1].bounds = {Comparison::between, 2, 4};
  EXPECT_EQ(to_json(run)["expectations"][0]["bounds"].dump(),
            R"({"comparison":"at_most","high":3.0})");
  EXPECT_EQ(to_json(run)["expectations"][1]["bounds"].dump(),
            R"({"comparison":"between","low":2.0,"high":4.0})");
}

TEST(JsonOutput, SaysWhyARunEndedEarly) {
  RunResult run = sample_run();
  run.stopped = "event limit of 1000 reached";
  EXPECT_EQ(to_json(run)["stopped"], "event limit of 1000 reached");
}

TEST(JsonOutput, SaysWhatElseIsToBeSaid) {
  RunResult run = sample_run();
  run.errors = {{12, "hit nobody"}};
  run.notes = {{24, "met no packet"}};
  run.unfinished = {{"probe", 2}};
  EXPECT_EQ(to_json(run)["errors"].dump(), R"([{"line":12,"text":"hit nobody"}])");
  EXPECT_EQ(to_json(run)["notes"].dump(), R"([{"line":24,"text":"met no packet"}])");
  EXPECT_EQ(to_json(run)["unfinished"].dump(), R"({"probe":2})");
}

TEST(JsonOutput, WritesNoneOneAndManyRuns) {
  for (std::size_t count = 0; count < 3; ++count) {
    std::ostringstream out;
    JsonOutput json(out);
    for (std::size_t i = 0; i < count; ++i) json.add(sample_run());
    json.close(0);
    const auto read = nlohmann::json::parse(out.str());
    EXPECT_EQ(read["schema"], 2);
    EXPECT_NE(read["version"], "");
    EXPECT_NE(read["commit"], "");
    EXPECT_EQ(read["runs"].size(), count);
  }
}

TEST(JsonOutput, StaysReadableWhateverTheNamesAndNumbers) {
  RunResult run = sample_run();
  run.scenario = "a\"b\\c\n\xff\x01";
  run.expectations[0].measured = std::numeric_limits<double>::quiet_NaN();
  run.expectations[2].measured = std::numeric_limits<double>::infinity();
  std::ostringstream out;
  JsonOutput json(out);
  json.add(run);
  json.close(0);
  const auto read = nlohmann::json::parse(out.str())["runs"][0];
  EXPECT_TRUE(read["expectations"][0]["measured"].is_null());
  EXPECT_TRUE(read["expectations"][2]["measured"].is_null());
}

}  // namespace
}  // namespace macula::sim
