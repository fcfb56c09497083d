// `macula-sim report`, as a user runs it. tests/browser/ tries what it draws.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/sim/program.h"

namespace macula::sim {
namespace {

class ReportTest : public testing::Test {
 protected:
  ReportTest() { name_template(folder_.write("page.html", "<p>[MACULA-DATA]</p>")); }
  ~ReportTest() override { unsetenv("MACULA_SIM_PAGE"); }

  static void name_template(const std::string& path) {
    setenv("MACULA_SIM_PAGE", path.c_str(), 1);  // NOLINT(concurrency-mt-unsafe): one thread
  }

  std::string store(const std::string& name, bool holds) {
    const std::string file = folder_.write(name + ".toml", scenario_text(name, holds));
    const std::string path = folder_.path(name + ".store");
    EXPECT_LE(run_program({"run", file, "--seeds", "1..2", "--out", path}).code, 1);
    return path;
  }

  TempFolder folder_;
  std::string out_ = folder_.path("out.html");
};

TEST_F(ReportTest, WritesThePageWhateverItSays) {
  const Output output = run_program({"report", store("pings", false), "--out", out_});
  ASSERT_EQ(output.code, 0) << output.err;
  EXPECT_EQ(output.out, "");
  const std::string page = read_text(out_);
  EXPECT_EQ(page.rfind("<p>[{\"summary\":{\"verdict\":\"fail\",\"runs\":2,", 0), 0u)
      << page.substr(0, 200);
  EXPECT_NE(page.find("macula-sim run " + folder_.path("pings.toml") + " --seed 1"),
            std::string::npos);
  EXPECT_NE(page.find("\"timelines\":[{\"seed\":null,\"runs\":2"), std::string::npos);
  EXPECT_NE(page.find("\"distributions\":["), std::string::npos);
}

TEST_F(ReportTest, LooksFromNearbyAtTheRunThatFailedUnlessItIsToldNotTo) {
  const std::string path = store("pings", false);
  ASSERT_EQ(run_program({"report", path, "--out", out_}).code, 0);
  EXPECT_NE(read_text(out_).find("\"close_up\":{\"seed\":\"1\""), std::string::npos);
  ASSERT_EQ(run_program({"report", path, "--rerun", "0", "--out", out_}).code, 0);
  EXPECT_EQ(read_text(out_).find("\"close_up\":"), std::string::npos);
  EXPECT_NE(read_text(out_).find("no run was to be made again"), std::string::npos);
}

TEST_F(ReportTest, TheSameStoreIsTheSamePage) {
  const std::string path = store("pings", true);
  const Output once = run_program({"report", path, "--out", "-"});
  const Output again = run_program({"report", path, "--out", "-"});
  EXPECT_EQ(once.code, 0) << once.err;
  EXPECT_FALSE(once.out.empty());
  EXPECT_EQ(once.out, again.out);
}

TEST_F(ReportTest, TwoStoresAreCompared) {
  const std::string path = store("pings", true);
  const Output output = run_program({"report", path, path, "--out", out_});
  ASSERT_EQ(output.code, 0) << output.err;
  EXPECT_NE(read_text(out_).find("\"comparison\":{\"verdict\":\"identical\""), std::string::npos);
  EXPECT_EQ(run_program({"report", path, store("others", true), "--out", out_}).code, 2);
}

// A figure that one side did not measure is named, and the rest compared.
TEST_F(ReportTest, WhatOneSideDidNotMeasureIsNamed) {
  std::string text = scenario_text("pings", true);
  const std::string a = store("pings", true);
  text += "[[at]]\nt = \"2s\"\nlookup = { by = \"all\", key = \"x\", label = \"more\" }\n";
  const std::string file = folder_.write("more.toml", text);
  const std::string b = folder_.path("b.store");
  ASSERT_LE(run_program({"run", file, "--seeds", "1..2", "--out", b}).code, 1);
  const Output output = run_program({"report", b, a, "--out", out_});
  ASSERT_EQ(output.code, 0) << output.err;
  const std::string page = read_text(out_);
  EXPECT_NE(page.find("\"not_compared\":[\"success_rate(more)\""), std::string::npos);
}

// A command that runs may write its page at once: the one that `report` makes of its store.
TEST_F(ReportTest, RunAndSweepWriteItAtOnce) {
  const std::string file = folder_.write("late.toml", scenario_text("late", false));
  const std::string runs = folder_.path("runs");
  EXPECT_EQ(run_program({"run", file, "--out", runs, "--report", out_}).code, 1);
  EXPECT_EQ(read_text(out_), run_program({"report", runs, "--out", "-"}).out);
  const std::string points = folder_.path("points");
  EXPECT_EQ(run_program({"sweep", file, "--grid", "protocol.k=2,3", "--seeds", "1..2", "--out",
                         points, "--report", out_})
                .code,
            1);
  EXPECT_EQ(read_text(out_), run_program({"report", points, "--out", "-"}).out);
}

TEST_F(ReportTest, APageThatCannotBeWrittenIsSaidBeforeAnythingRuns) {
  const std::string file = folder_.write("late.toml", scenario_text("late", true));
  const std::string runs = folder_.path("runs");
  EXPECT_NE(run_program({"run", file, "--report", out_}).err.find("--report needs --out"),
            std::string::npos);
  EXPECT_EQ(run_program({"run", file, "--out", runs, "--report", "-"}).code, 2);
  EXPECT_EQ(run_program({"run", file, "--out", runs, "--report", file}).code, 2);
  const Output twice = run_program({"sweep", file, "--grid", "protocol.k=2", "--seeds", "1..1",
                                    "--out", runs, "--csv", out_, "--report", out_});
  EXPECT_NE(twice.err.find("named for two outputs"), std::string::npos) << twice.err;
  name_template(folder_.path("none.html"));
  EXPECT_EQ(run_program({"run", file, "--out", runs, "--report", out_}).code, 2);
  EXPECT_FALSE(std::filesystem::exists(runs + "/units"));
}

TEST_F(ReportTest, BadInputIsSaid) {
  const std::string path = store("pings", true);
  const std::string empty = folder_.path("empty");
  std::filesystem::create_directories(empty + "/units");
  std::filesystem::create_directories(empty + "/asked");
  const struct {
    std::vector<std::string> arguments;
    const char* says;
  } cases[] = {
      {{"report"}, "no store given"},
      {{"report", path}, "--out FILE says"},
      {{"report", path, path, path, "--out", out_}, "one store is shown"},
      {{"report", path, "--rerun", "many", "--out", out_}, "--rerun takes a number of events"},
      {{"report", folder_.path("nowhere"), "--out", out_}, "is no store"},
      {{"report", empty, "--out", out_}, "there is nothing in this store"},
      {{"report", path, "--out", folder_.path("nowhere/out.html")}, "cannot write"},
      {{"report", path, "--out", path + "/asked"}, "asked"},
  };
  for (const auto& each : cases) {
    const Output output = run_program(each.arguments);
    EXPECT_EQ(output.code, 2) << each.says;
    EXPECT_NE(output.err.find(each.says), std::string::npos) << output.err;
  }
}

// No result is overwritten by the page.
TEST_F(ReportTest, TheStoreIsNotWrittenOver) {
  const std::string path = store("pings", true);
  const auto unit = std::filesystem::directory_iterator(path + "/units")->path().string();
  const std::string before = read_text(unit);
  EXPECT_EQ(run_program({"report", path, "--out", unit}).code, 2);
  EXPECT_EQ(read_text(unit), before);
}

TEST_F(ReportTest, WithoutTheTemplateItSaysWhatToRun) {
  const std::string path = store("pings", true);
  name_template(folder_.path("nowhere.html"));
  Output output = run_program({"report", path, "--out", out_});
  EXPECT_EQ(output.code, 2);
  EXPECT_NE(output.err.find("nowhere.html: run ./dev build page"), std::string::npos) << output.err;
  name_template(folder_.write("other.html", "<p>nothing</p>"));
  output = run_program({"report", path, "--out", out_});
  EXPECT_EQ(output.code, 2);
  EXPECT_NE(output.err.find("no page of macula-sim"), std::string::npos) << output.err;
  EXPECT_FALSE(std::filesystem::exists(out_));
}

}  // namespace
}  // namespace macula::sim
