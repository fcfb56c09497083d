// check, list and explain: their output, and the exit codes that scripts rely on.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/sim/has.h"
#include "tests/sim/program.h"

namespace macula::sim {
namespace {

const std::string kWrong = "[scenario]\nschema = 1\nnaem = \"x\"\n";

TEST(Check, SaysOfEachFileWhetherItIsRight) {
  const TempFolder folder;
  const std::string good = folder.write("b.toml", scenario_text("good", true));
  EXPECT_EQ(run_program({"check", good}).code, 0);
  EXPECT_EQ(run_program({"check", good}).out, good + ": ok\n");
  const std::string bad = folder.write("a.toml", kWrong);
  const Output both = run_program({"check", folder.path("")});
  EXPECT_EQ(both.code, 2);
  EXPECT_TRUE(has(both.out, "b.toml: ok")) << both.out;
  EXPECT_TRUE(has(both.err,
                  "a.toml:3:1: error: unknown key `naem`, did you mean `name`?\n"
                  "naem = \"x\"\n^\n"))
      << both.err;
}

TEST(Check, BadUsageIsTwo) {
  EXPECT_EQ(run_program({"check"}).code, 2);
  EXPECT_EQ(run_program({"check", "no/such/file.toml"}).code, 2);
  EXPECT_EQ(run_program({"check", "--quick", "a.toml"}).code, 2);
  EXPECT_EQ(run_program({"check", "--help"}).code, 0);
}

TEST(Check, TakesOverrides) {
  const TempFolder folder;
  const std::string file = folder.write("a.toml", scenario_text("x", true));
  EXPECT_EQ(run_program({"check", file, "--set", "at.beat.t=6s"}).out, file + ": ok\n");
  const Output wrong = run_program({"check", folder.path(""), "--set", "protocol.kk=2"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_TRUE(has(wrong.err, "a.toml: --set protocol.kk: error: unknown key `kk`")) << wrong.err;
}

TEST(Check, WarnsOfWhatHasNoEffect) {
  const TempFolder folder;
  const std::string file =
      folder.write("a.toml", scenario_text("x", true) + "[link.home]\nloss = \"1%\"\n");
  const Output mild = run_program({"check", file});
  EXPECT_EQ(mild.code, 0);
  EXPECT_EQ(mild.out, file + ": ok\n");
  EXPECT_TRUE(has(mild.err, "warning: no node has the link `home`")) << mild.err;
  const Output strict = run_program({"check", file, "--strict"});
  EXPECT_EQ(strict.code, 2);
  EXPECT_EQ(strict.out, "");
  // The same of a run.
  const Output run = run_program({"run", file});
  EXPECT_EQ(run.code, 0);
  EXPECT_TRUE(has(run.err, "warning: no node has the link `home`")) << run.err;
  EXPECT_EQ(run_program({"run", file, "--strict"}).code, 2);
  EXPECT_EQ(run_program({"run", "--strict", folder.write("b.toml", scenario_text("y", true))}).code,
            0);
}

TEST(List, ALineForEachScenarioInOrderOfPath) {
  const TempFolder folder;
  folder.write("b.toml", scenario_text("second", true));
  folder.write("a.toml", scenario_text("first", true));
  const Output output = run_program({"list", folder.path("")});
  EXPECT_EQ(output.code, 0) << output.err;
  EXPECT_LT(output.out.find("first "), output.out.find("second "));
  folder.write("c.toml", kWrong);
  const Output wrong = run_program({"list", folder.path("")});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_TRUE(has(wrong.out, "second"));
  EXPECT_EQ(run_program({"list", "a", "b"}).code, 2);
}

TEST(List, ShowsWhatAStoreHolds) {
  const TempFolder folder;
  const std::string store = folder.path("store");
  const std::string good = folder.write("good.toml", scenario_text("good", true));
  const std::string bad = folder.write("bad.toml", scenario_text("bad", false));
  ASSERT_EQ(run_program({"run", good, bad, "--seeds", "3..5", "--out", store}).code, 1);
  const Output output = run_program({"list", store});
  EXPECT_EQ(output.code, 0) << output.err;
  for (const char* row : {"scenario  runs  pass  others   seeds    world  ",
                          "\nbad          3     0  3 fail  3 to 5  virtual  ",
                          "\ngood         3     3       -  3 to 5  virtual  "}) {
    EXPECT_NE(output.out.find(row), std::string::npos) << row << '\n' << output.out;
  }
  const auto unit = *std::filesystem::directory_iterator(store + "/units");
  std::filesystem::resize_file(unit.path(), std::filesystem::file_size(unit.path()) - 1);
  const Output cut = run_program({"list", store});
  EXPECT_EQ(cut.code, 2);
  EXPECT_NE(cut.err.find(unit.path().string() + ": it was altered"), std::string::npos) << cut.err;
}

TEST(Explain, PrintsDefaultsAndOverrides) {
  const TempFolder folder;
  const std::string file = folder.write("a.toml", scenario_text("x", true));
  const Output output = run_program({"explain", file, "--set", "protocol.k=2"});
  EXPECT_EQ(output.code, 0) << output.err;
  EXPECT_TRUE(has(output.out, "# --set protocol.k\n"));
  EXPECT_TRUE(has(output.out, "# profile kademlia\n"));
  // Its output is a scenario that runs alike.
  const std::string again = folder.write("b.toml", run_program({"explain", file}).out);
  EXPECT_EQ(run_program({"check", again}).code, 0);
}

TEST(Explain, BadUsageIsTwo) {
  const TempFolder folder;
  const std::string file = folder.write("a.toml", scenario_text("x", true));
  EXPECT_EQ(run_program({"explain"}).code, 2);
  EXPECT_EQ(run_program({"explain", file, file}).code, 2);
  EXPECT_EQ(run_program({"explain", file, "--set", "k"}).code, 2);
  const Output unknown = run_program({"explain", file, "--set", "protocol.kk=2"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_TRUE(has(unknown.err, "--set protocol.kk: error: unknown key `kk`, did you mean `k`?"));
  const Output nearest = run_program({"explain", file, "--sett"});
  EXPECT_EQ(nearest.code, 2);
  EXPECT_TRUE(has(nearest.err, "did you mean --set?")) << nearest.err;
}

// Two nodes that ping each other, at 5 s for the first time.
TEST(Explain, ShowsTheEventsAroundATime) {
  const TempFolder folder;
  const std::string file = folder.write("a.toml", scenario_text("x", true));
  const auto events = [&](const std::string& time) {
    return run_program({"explain", file, "--events", "--seed", "3", "--around", time});
  };
  const Output output = events("5s");
  EXPECT_EQ(output.code, 0) << output.err;
  const std::size_t mark = output.out.find("-- 5s --\n");
  ASSERT_NE(mark, std::string::npos) << output.out;
  const std::string from = output.out.substr(mark + 9);
  EXPECT_TRUE(has(from.substr(0, from.find('\n')), "5.000000000s  operation")) << from;
  EXPECT_TRUE(has(output.out.substr(0, mark), "restart")) << output.out;
  EXPECT_FALSE(has(output.out.substr(0, mark), "operation")) << output.out;
  EXPECT_EQ(events("0s").out.substr(0, 9), "-- 0s --\n");
  const Output late = events("1d");
  EXPECT_EQ(late.code, 2);
  EXPECT_TRUE(has(late.err, "the run ends at")) << late.err;
}

TEST(Explain, OfARunIsAskedOneThing) {
  const TempFolder folder;
  const std::string file = folder.write("a.toml", scenario_text("x", true));
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong{
      {{"--events"}, "--around"},
      {{"--around", "5s"}, "--events"},
      {{"--events", "--around", "5"}, "--around"},
      {{"--events", "--freeze", "--around", "5s"}, "ask one"},
      {{"--seed", "5"}, "--freeze and --events"},
  };
  for (const auto& [more, word] : wrong) {
    std::vector<std::string> arguments{"explain", file};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Output output = run_program(arguments);
    EXPECT_EQ(output.code, 2);
    EXPECT_TRUE(has(output.err, word)) << output.err;
  }
}

}  // namespace
}  // namespace macula::sim
