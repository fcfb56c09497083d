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

  TempFolder folder_;
  std::string text_ = scenario_text("pings", true);
  std::string file_ = folder_.write("pings.toml", text_);
  std::string out_ = folder_.path("out");
  std::string csv_ = folder_.path("out.csv");
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
  // What is swept is no part of the scenario.
  const Output with = run_program({"run", file});
  const Output without = run_program({"run", file_});
  EXPECT_EQ(with.out.substr(0, with.out.find('\n')), without.out.substr(0, without.out.find('\n')));
  const Output taken =
      run_program({"run", file_, "--set", "protocol.k=8", "--set", "latency.default=10ms",
                   "--seeds", "1..2", "--out", out_, "--resume"});
  EXPECT_NE(taken.out.find("2 of them from the store"), std::string::npos) << taken.out;
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
