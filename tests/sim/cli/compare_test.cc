// `macula-sim compare`, as a user runs it.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/sim/program.h"

namespace macula::sim {
namespace {

// Thirty nodes look keys up over links that lose packets.
const char* const kLookups = R"toml([scenario]
schema = 1
name = "lookups"
duration = "20s"
tables = "ideal"
connections = "warm"
[protocol]
k = 8
[latency]
default = "uniform(20ms, 60ms)"
[link.home]
loss = "1%"
[[group]]
name = "eu"
count = 30
link = "home"
[[at]]
t = "1s"
every = "500ms"
lookup = { by = "any(eu)", key = "key-{n}", label = "probe" }
[[expect]]
name = "they end"
metric = "success_rate(probe)"
at_least = "50%"
)toml";

class CompareTest : public testing::Test {
 protected:
  Output compare(std::vector<std::string> more) {
    more.insert(more.begin(), {"compare", file_});
    return run_program(more);
  }

  TempFolder folder_;
  std::string file_ = folder_.write("lookups.toml", kLookups);
};

TEST_F(CompareTest, EqualSettingsAreIdentical) {
  const Output output = compare({"--seeds", "1..3"});
  EXPECT_EQ(output.code, 0) << output.err;
  EXPECT_NE(output.out.find("3 of 3 runs identical"), std::string::npos) << output.out;
  EXPECT_EQ(output.out.substr(output.out.rfind('\n', output.out.size() - 2) + 1), "identical\n");
}

TEST_F(CompareTest, SlowerIsWorseAndFasterIsBetter) {
  const std::string delay = "latency.default=uniform(22ms, 66ms)";
  const std::string json = folder_.path("c.json");
  const Output worse = compare({"--b", delay, "--gate", "lookup.latency_ms.p50", "--json", json});
  EXPECT_EQ(worse.code, 1) << worse.out << worse.err;
  const auto written = nlohmann::json::parse(read_text(json));
  EXPECT_EQ(written["verdict"], "worse");
  EXPECT_EQ(written["b"], delay);
  EXPECT_EQ(written["rows"][0]["metric"], "lookup.latency_ms.p50");
  EXPECT_GT(written["rows"][0]["low"], 0);
  const Output better = compare({"--a", delay, "--gate", "lookup.latency_ms.p50"});
  EXPECT_EQ(better.code, 0) << better.out << better.err;
  EXPECT_NE(better.out.find("better: lookup.latency_ms.p50"), std::string::npos) << better.out;
}

// The same file and seeds give the same text, whatever the number of jobs.
TEST_F(CompareTest, JobsChangeNothing) {
  const std::vector<std::string> one{"--b", "protocol.alpha=2", "--seeds", "1..6", "--jobs", "1"};
  std::vector<std::string> three = one;
  three.back() = "3";
  EXPECT_EQ(compare(one).out, compare(three).out);
}

TEST_F(CompareTest, TooFewSeedsAreUnsureWhichMayBeAnError) {
  const std::vector<std::string> few{"--b", "scenario.fates=other", "--seeds", "1..4"};
  EXPECT_EQ(compare(few).code, 0);
  std::vector<std::string> sure = few;
  sure.emplace_back("--require-sure");
  EXPECT_EQ(compare(sure).code, 4);
}

TEST_F(CompareTest, PlantedChangesAreCalled) {
  const Output output = compare({"--self-test"});
  EXPECT_EQ(output.code, 0) << output.out << output.err;
  EXPECT_NE(output.out.find("planted changes were called"), std::string::npos) << output.out;
}

TEST_F(CompareTest, ADefectOfTheInputEndsWithTwo) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong{
      {{"--gate", "lookup.rpcs"}, "name a statistic"},
      {{"--gate", "latency_ms(other).p50", "--seeds", "1..2"},
       "has no sample in either with seed 1"},
      {{"--b", "protocol.kk=2"}, "did you mean `k`"},
      {{"--b", "k"}, "--b takes KEY=VALUE"},
      {{"--seeds", "2..1"}, "--seeds takes A..B"},
      {{"--b", "scenario.max_events=10", "--seeds", "1..2"}, "limit of 10 events"},
      {{"--json", file_}, "lookups.toml"},
      {{"--json", folder_.path("no/where.json"), "--seeds", "1..2"}, "cannot be written"},
      {{file_}, "one scenario file"}};
  for (const auto& [arguments, said] : wrong) {
    const Output output = compare(arguments);
    EXPECT_EQ(output.code, 2) << said << output.out;
    EXPECT_NE(output.err.find(said), std::string::npos) << output.err;
  }
  EXPECT_EQ(read_text(file_), kLookups);
}

}  // namespace
}  // namespace macula::sim
