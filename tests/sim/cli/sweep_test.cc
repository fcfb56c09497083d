// `macula-sim sweep`, as a user runs it.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/sim/program.h"

namespace macula::sim {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

class SweepTest : public testing::Test {
 protected:
  Output sweep(const std::string& file, std::vector<std::string> more) {
    more.insert(more.begin(), {"sweep", file});
    return run_program(more);
  }

  // Two points; the expectation holds at the first.
  [[nodiscard]] std::string points() const {
    std::string text = text_;
    const std::string bound = "at_least = \"99%\"";
    text.replace(text.find(bound), bound.size(), "near = \"99%\"\ngate = \"2%\"");
    return text +
           "[sweep]\nseeds = \"1..1\"\n"
           "[[sweep.point]]\nset = { \"protocol.k\" = 8, \"protocol.alpha\" = 1 }\n"
           "expect = { \"the hub answers\" = \"100%\" }\n"
           "[[sweep.point]]\nset = { \"protocol.k\" = 20, \"protocol.alpha\" = 3 }\n"
           "expect = { \"the hub answers\" = { near = \"50%\", gate = \"1%\" } }\n";
  }

  TempFolder folder_;
  std::string text_ = scenario_text("pings", true);
  std::string file_ = folder_.write("pings.toml", text_);
  std::string out_ = folder_.path("out");
  std::string csv_ = folder_.path("out.csv");
  std::string json_ = folder_.path("out.json");
};

TEST_F(SweepTest, RunsEachPointWithEachSeed) {
  const Output output =
      sweep(file_, {"--grid", "protocol.k=8,20", "--grid", "latency.default=10ms,uniform(5ms, 9ms)",
                    "--seeds", "1..3", "--out", out_, "--csv", csv_});
  ASSERT_EQ(output.code, 0) << output.err << output.out;
  EXPECT_NE(output.out.find("12 runs: 12 passed"), std::string::npos) << output.out;
  const std::vector<std::string> rows = lines_of(read_text(csv_));
  EXPECT_EQ(rows[0],
            "scenario,protocol.k,latency.default,seed,verdict,metric,count,mean,min,p50,p75,p90,"
            "p95,p99,p99.9,max");
  std::set<std::string> messages;
  for (const std::string& row : rows) {
    const std::size_t at = row.find(",messages,1,");
    if (at != std::string::npos) messages.insert(row.substr(0, at));
  }
  EXPECT_EQ(messages.size(), 12u);
  EXPECT_EQ(messages.count("pings,8,\"uniform(5ms, 9ms)\",3,pass"), 1u);
  EXPECT_EQ(messages.count("pings,20,10ms,1,pass"), 1u);
  EXPECT_EQ(std::set<std::string>(rows.begin(), rows.end()).size(), rows.size());
  // A row of the table for each point.
  EXPECT_NE(output.out.find("uniform(5ms, 9ms)"), std::string::npos) << output.out;
  std::size_t points = 0;
  for (const std::string& line : lines_of(output.out)) {
    points += line.find("3 of 3") != std::string::npos ? 1 : 0;
  }
  EXPECT_EQ(points, 4u) << output.out;
}

// A point is the run that the same settings give, and nothing of it is run twice.
TEST_F(SweepTest, APointIsARunWithItsSettings) {
  ASSERT_EQ(sweep(file_, {"--grid", "protocol.k=8,20", "--seeds", "1..2", "--out", out_}).code, 0);
  const Output run = run_program(
      {"run", file_, "--set", "protocol.k=8", "--seeds", "1..2", "--out", out_, "--resume"});
  EXPECT_NE(run.out.find("2 of them from the store"), std::string::npos) << run.out << run.err;
  const Output again = sweep(file_, {"--grid", "protocol.k=8,20", "--seeds", "1..3", "--out", out_,
                                     "--resume", "--csv", csv_});
  EXPECT_NE(again.out.find("4 of them from the store"), std::string::npos) << again.out;
  const std::string resumed = read_text(csv_);
  ASSERT_EQ(sweep(file_, {"--grid", "protocol.k=8,20", "--seeds", "1..3", "--out",
                          folder_.path("fresh"), "--csv", csv_})
                .code,
            0);
  EXPECT_EQ(read_text(csv_), resumed);
}

TEST_F(SweepTest, TheFileSaysWhatItSweepsAndTheCommandLineGoesOverIt) {
  const std::string file = folder_.write(
      "swept.toml",
      text_ +
          "[sweep]\nseeds = \"1..2\"\n"
          "grid = { \"protocol.k\" = [8, 20], \"latency.default\" = [\"10ms\", \"20ms\"] }\n");
  const Output of_file = sweep(file, {"--out", out_});
  EXPECT_NE(of_file.out.find("8 runs: 8 passed"), std::string::npos) << of_file.out << of_file.err;
  const Output narrower =
      sweep(file, {"--grid", "protocol.k=9", "--seeds", "4..4", "--out", folder_.path("n")});
  EXPECT_NE(narrower.out.find("2 runs: 2 passed"), std::string::npos)
      << narrower.out << narrower.err;
  // The swept values are no part of the scenario.
  const Output with = run_program({"run", file});
  const Output without = run_program({"run", file_});
  EXPECT_EQ(with.out.substr(0, with.out.find('\n')), without.out.substr(0, without.out.find('\n')));
  const Output taken =
      run_program({"run", file_, "--set", "protocol.k=8", "--set", "latency.default=10ms",
                   "--seeds", "1..2", "--out", out_, "--resume"});
  EXPECT_NE(taken.out.find("2 of them from the store"), std::string::npos) << taken.out;
}

TEST_F(SweepTest, APointHasItsOwnExpectations) {
  const std::string file = folder_.write("points.toml", points());
  const Output both = sweep(file, {"--out", out_, "--csv", csv_, "--json", json_});
  EXPECT_EQ(both.code, 1) << both.err << both.out;
  EXPECT_NE(both.out.find("2 runs: 1 passed, 1 failed"), std::string::npos) << both.out;
  // The expectation stands in the line that repeats the run, and the run fails there, too.
  const std::string expected = "expect.the hub answers.near=50%";
  EXPECT_NE(both.out.find(expected), std::string::npos) << both.out;
  EXPECT_EQ(run_program({"run", file, "--set", expected}).code, 1);
  EXPECT_NE(read_text(json_).find(expected), std::string::npos);
  // A point is no product: there are two rows of messages.
  const std::string csv = read_text(csv_);
  EXPECT_NE(csv.find("pings,1,8,1,pass,messages,"), std::string::npos) << csv;
  EXPECT_NE(csv.find("pings,3,20,1,fail,messages,"), std::string::npos) << csv;
  EXPECT_EQ(csv.find("pings,1,20,"), std::string::npos) << csv;
}

// A name with "=" cannot stand in an override: its place does.
TEST_F(SweepTest, AnExpectationOfAnyNameCanBeRepeated) {
  std::string text = points();
  const std::string name = "the hub answers";
  for (std::size_t at = 0; (at = text.find(name)) != std::string::npos;) {
    text.replace(at, name.size(), "hub=answers");
  }
  const std::string file = folder_.write("points.toml", text);
  const Output both = sweep(file, {"--out", out_});
  EXPECT_EQ(both.code, 1) << both.err << both.out;
  const std::string expected = "expect.0.near=50%";
  EXPECT_NE(both.out.find(expected), std::string::npos) << both.out;
  EXPECT_EQ(run_program({"run", file, "--set", expected}).code, 1);
}

TEST_F(SweepTest, TheGridKeepsPointsAndVariesOtherKeysAtEach) {
  const std::string file = folder_.write("points.toml", points());
  const Output one = sweep(file, {"--grid", "protocol.k=8", "--out", out_});
  EXPECT_EQ(one.code, 0) << one.err;
  EXPECT_NE(one.out.find("1 run: 1 passed"), std::string::npos) << one.out;
  const Output more = sweep(file, {"--grid", "protocol.k=8", "--grid", "latency.default=5ms,6ms",
                                   "--out", folder_.path("more")});
  EXPECT_NE(more.out.find("2 runs: 2 passed"), std::string::npos) << more.out << more.err;
  const Output none = sweep(file, {"--grid", "protocol.k=9", "--out", folder_.path("none")});
  EXPECT_EQ(none.code, 2);
  EXPECT_NE(none.err.find("no point of [sweep] has protocol.k=9; there are 8, 20"),
            std::string::npos)
      << none.err;
  const Output neither = sweep(file, {"--grid", "protocol.k=8", "--grid", "protocol.alpha=3",
                                      "--out", folder_.path("none")});
  EXPECT_EQ(neither.code, 2);
  EXPECT_NE(neither.err.find("no point of [sweep] has all the values"), std::string::npos);
}

TEST_F(SweepTest, WhatIsWrongWithAPointIsNamedWithItsPlace) {
  const std::string good = points();
  const auto instead = [&](const std::string& old, const std::string& fresh) {
    std::string text = good;
    const std::size_t at = text.rfind(old);
    EXPECT_NE(at, std::string::npos) << old;
    return text.replace(at, old.size(), fresh);
  };
  const std::vector<std::pair<std::string, std::string>> wrong{
      {instead(", \"protocol.alpha\" = 3", ""), "lacks `protocol.alpha`, which that of line"},
      {instead("alpha\" = 3", "alpha\" = 3, \"protocol.ttl\" = \"1h\""), "has `protocol.ttl`"},
      {instead("expect = ", "# "), "`expect` of this point lacks `the hub answers`"},
      {instead("\"the hub answers\"", "\"the hob answers\""), "did you mean `the hub answers`"},
      {instead("near", "neer"), "unknown key `neer`: a point may say equals"},
      {instead("\"protocol.k\" = 20, \"protocol.alpha\" = 3",
               "\"protocol.k\" = 8, \"protocol.alpha\" = 1"),
       "sets the same values"},
      {instead("\"protocol.k\" = 20, \"protocol.alpha\"", "protocol.k = 20, \"protocol.alpha\""),
       "write a key with dots in quotes, as in \"protocol.k\""},
      {instead("set = {", "sett = {"), "did you mean `set`"},
      {instead("seeds = \"1..1\"", "seeds = \"1..1\"\ngrid = { \"protocol.k\" = [8] }"),
       "a grid or points, not both"},
      {instead("\"protocol.k\" = 20", "\"protocol.k\" = \"a\""), "is no scenario"},
      {instead("50%", "50"), "is no scenario"},
  };
  for (const auto& [text, said] : wrong) {
    const std::string file = folder_.write("wrong.toml", text);
    const Output output = sweep(file, {"--out", out_});
    EXPECT_EQ(output.code, 2) << said << output.out;
    EXPECT_NE(output.err.find(said), std::string::npos) << said << "\n" << output.err;
    EXPECT_NE(output.err.find("wrong.toml:"), std::string::npos) << output.err;
  }
  EXPECT_FALSE(std::filesystem::exists(out_));
}

TEST_F(SweepTest, CsvOnTheStandardOutputIsAllThatGoesThere) {
  const Output output =
      sweep(file_, {"--grid", "protocol.k=8,20", "--seeds", "1..1", "--out", out_, "--csv", "-"});
  EXPECT_EQ(output.code, 0);
  for (const std::string& line : lines_of(output.out)) {
    EXPECT_EQ(std::count(line.begin(), line.end(), ','), 14) << line;
  }
  EXPECT_NE(output.err.find("2 runs: 2 passed"), std::string::npos) << output.err;
}

TEST_F(SweepTest, APointThatFailsEndsWithOne) {
  const std::string fails = folder_.write("fails.toml", scenario_text("fails", false));
  EXPECT_EQ(sweep(fails, {"--grid", "protocol.k=8,20", "--seeds", "1..1", "--out", out_}).code, 1);
}

TEST_F(SweepTest, BadInputIsNamedWithItsPlace) {
  const std::string grid = folder_.write(
      "grid.toml", text_ + "[sweep]\nseeds = \"1..2\"\ngrid = { \"protocol.kk\" = [8, 20] }\n");
  const std::string list =
      folder_.write("list.toml", text_ + "[sweep]\ngrid = { \"protocol.k\" = 8 }\n");
  const std::string seeds = folder_.write("seeds.toml", text_ + "[sweep]\nseeds = \"2..1\"\n");
  const std::string key = folder_.write("key.toml", text_ + "[sweep]\nseed = \"1..2\"\n");
  const std::vector<std::string> good{"--grid", "protocol.k=8,20", "--seeds", "1..2"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.end(), good.begin() + 2, good.end());
    return more;
  };
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong{
      {{grid}, "grid.toml:"},
      {{grid}, "unknown key `kk`"},
      {{list, "--seeds", "1..2"}, "list.toml:"},
      {{list, "--seeds", "1..2"}, "a list of values"},
      {{seeds, good[0], good[1]}, "takes A..B"},
      {{key, good[0], good[1]}, "did you mean `seeds`"},
      {{file_, good[0], good[1]}, "which seeds?"},
      {with({file_}), "nothing to sweep"},
      {with({file_, "--grid", "protocol.k"}), "--grid takes KEY=V1,V2"},
      {with({file_, "--grid", "protocol.k=8,"}), "a value is empty"},
      {with({file_, "--grid", "latency.default=uniform(1ms,2ms"}), "is not closed"},
      {with({file_, "--grid", "protocol.k=8,8"}), "are the same scenario"},
      {with({file_, "--grid", "scenario.duration=20s,20000ms"}), "are the same scenario"},
      {with({file_, "--grid", "protocol.k=1,2", "--grid", "protocol.k=3"}), "twice"},
      {with({file_, "--grid", "scenario.seed=1,2"}), "seeds are given by --seeds"},
      {with({file_, "--grid", "sweep.seeds=1,2"}), "sweeps no sweep"},
      {with({file_, "--grid", "protocol.k=a,b"}), "the point protocol.k=a is no scenario"},
      {{file_, "--grid", "protocol.k=8,20", "--seeds", "1..900000"}, "more than 1000000 runs"},
      {with({file_, file_, "--grid", "protocol.k=8,20"}), "one scenario file"},
      {with({file_, "--grid", "protocol.k=8,20", "--csv", file_}), "which is read"},
      {with({file_, "--grid", "protocol.k=8,20", "--csv", folder_.path("no/x.csv")}),
       "cannot write"}};
  for (const auto& [arguments, said] : wrong) {
    std::vector<std::string> command{"sweep", "--out", out_};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const Output output = run_program(command);
    EXPECT_EQ(output.code, 2) << said << output.out;
    EXPECT_NE(output.err.find(said), std::string::npos) << said << "\n" << output.err;
  }
  EXPECT_EQ(sweep(file_, good).code, 2);  // no --out
  EXPECT_FALSE(std::filesystem::exists(out_));
  EXPECT_EQ(read_text(file_), text_);
}

}  // namespace
}  // namespace macula::sim
