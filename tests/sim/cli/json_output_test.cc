#include "sim/cli/json_output.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/sim/cli/sample_run.h"

namespace macula::sim {
namespace {

// To the letter: scripts outside the project read it.
TEST(JsonOutput, HasTheAgreedForm) {
  EXPECT_EQ(
      to_json(sample_run()).dump(),
      R"({"scenario":"heal","file":"faults/heal.toml","seed":18446744073709551615,)"
      R"("world":"virtual","profile":"kademlia","verdict":"fail","digest":"00000000000000ab",)"
      R"("virtual_ns":900500000000,"events":1500,"messages":700,"wall_ns":1500000000,)"
      R"("expectations":[{"name":"callable <again>","line":41,"verdict":"fail",)"
      R"("expected":">= 0.99","measured":0.5},{"name":"stored","line":46,"verdict":"fail",)"
      R"("expected":">= 1","measured":null},{"name":"found","line":50,"verdict":"pass",)"
      R"("expected":"= 1","measured":1.0}],"metrics":{"lookup.depth":{"count":4,"mean":1.25,)"
      R"("p50":1.0,"p90":2.0,"p99":2.0,"max":2.0}}})");
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
    json.close();
    const auto read = nlohmann::json::parse(out.str());
    EXPECT_EQ(read["schema"], 1);
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
  json.close();
  const auto read = nlohmann::json::parse(out.str())["runs"][0];
  EXPECT_TRUE(read["expectations"][0]["measured"].is_null());
  EXPECT_TRUE(read["expectations"][2]["measured"].is_null());
}

}  // namespace
}  // namespace macula::sim
