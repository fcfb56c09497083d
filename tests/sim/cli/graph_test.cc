// `macula-sim graph`, as a user runs it. tests/tools/overlays.py reads what it writes.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/sim/program.h"

namespace macula::sim {
namespace {

class GraphTest : public testing::Test {
 protected:
  Output graph(std::vector<std::string> more) {
    more.insert(more.begin(), {"graph", file_});
    return run_program(more);
  }
  // Refused before anything is written.
  void expect_refused(const std::vector<std::string>& arguments, const std::string& said) {
    const Output output = graph(arguments);
    EXPECT_EQ(output.code, 2) << output.out;
    EXPECT_NE(output.err.find(said), std::string::npos) << output.err;
    EXPECT_EQ(output.out, "");
    EXPECT_EQ(output.err.find("check failed"), std::string::npos) << output.err;
  }

  TempFolder folder_;
  std::string file_ = folder_.write("pings.toml", scenario_text("pings", true));
};

TEST_F(GraphTest, TellsOfTheOverlay) {
  const Output output = graph({"--at", "0s"});
  EXPECT_EQ(output.code, 0) << output.err;
  EXPECT_EQ(output.out.find("pings, seed 7, at 0s\n  nodes "), 0u) << output.out;
  for (const char* row : {"edges", "weak components", "strong components", "in-degree",
                          "articulation points", "bridges", "clustering", "without the top 10 %"}) {
    EXPECT_NE(output.out.find(std::string("\n  ") + row), std::string::npos) << output.out;
  }
}

TEST_F(GraphTest, TheFormIsThatOfTheEnding) {
  for (const auto& [name, begin] :
       std::vector<std::pair<std::string, std::string>>{{"o.graphml", "<?xml"},
                                                        {"o.dot", "digraph overlay {"},
                                                        {"o.json", "{\n  \"schema\": 1"}}) {
    const Output output = graph({"--at", "1s", "--out", folder_.path(name)});
    EXPECT_EQ(output.code, 0) << output.err;
    EXPECT_EQ(read_text(folder_.path(name)).find(begin), 0u) << name;
    EXPECT_EQ(output.out.find("pings, seed 7"), 0u);
  }
  const Output output = graph({"--at", "1s", "--seed", "9", "--out", "-"});
  EXPECT_EQ(output.out.find("{\n  \"schema\": 1"), 0u) << output.out;
  EXPECT_NE(output.out.find("\"seed\": 9"), std::string::npos) << output.out;
  EXPECT_NE(output.err.find("pings, seed 9"), std::string::npos) << output.err;
}

TEST_F(GraphTest, RefusesWhatIsNoInstantOfTheRun) {
  expect_refused({}, "--at says when, as in --at 10min");
  expect_refused({"--at", "2"}, "a duration needs a unit");
  expect_refused({"--at", "soon"}, "--at: expected a number");
  expect_refused({"--at=-1s"}, "--at: a negative number makes no sense here");
  expect_refused({"--at", "9d"}, "9d is after the end of the run, ");
}

TEST_F(GraphTest, RefusesWhatCannotBeWritten) {
  expect_refused({"--at", "1s", "--out", folder_.path("o.png")},
                 "ends with .graphml, .dot or .json, not '" + folder_.path("o.png") + "'");
  expect_refused({"--at", "1s", "--out", folder_.path("no/o.dot")}, "cannot write ");
  const std::string json = folder_.path("input.json");
  std::filesystem::create_symlink(file_, json);
  expect_refused({"--at", "1s", "--out", json}, "would write over ");
  EXPECT_EQ(read_text(file_), scenario_text("pings", true));
}

TEST_F(GraphTest, RefusesWhatIsNoScenario) {
  expect_refused({"--at", "1s", "--set", "protocol.nothing=1"}, "nothing");
  expect_refused({file_, "--at", "1s"}, "takes one scenario file");
  expect_refused({"--at", "1s", "--seed", "x"}, "--seed takes a number");
  expect_refused({"--at", "1s", "--set", "scenario.max_events=1"},
                 "the run broke off: the limit of 1 events was reached");
}

}  // namespace
}  // namespace macula::sim
