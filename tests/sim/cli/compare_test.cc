// `macula-sim compare`, as a user runs it.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/places.h"
#include "tests/sim/program.h"

namespace macula::sim {
namespace {

// Thirty nodes look keys up over links that lose packets.
const char* const kWarmLookups = R"toml([scenario]
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
  std::string file_ = folder_.write("lookups.toml", kWarmLookups);
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
      {{"--json", folder_.path("no/where.json"), "--seeds", "1..2"}, "cannot write"},
      {{"--junit", folder_.path("c"), "--json", folder_.path("c")}, "two outputs"},
      {{"--gate", "messages", "--gate", "messages:2%"}, "named twice"},
      {{"--gate", "success_rate(prob)", "--seeds", "1..2"}, "did you mean `success_rate(probe)`"},
      {{"--b", "scenario.seed=3"}, "--seeds"},
      {{"--b", "scenario.name=\xff"}, "no UTF-8"},
      {{"--self-test", "--json", folder_.path("none.json")}, "does not belong to it"},
      {{file_}, "one scenario file"},
      {{"--programs", file_}, "OLD NEW FILE"}};
  for (const auto& [arguments, said] : wrong) {
    const Output output = compare(arguments);
    EXPECT_EQ(output.code, 2) << said << output.out;
    EXPECT_NE(output.err.find(said), std::string::npos) << output.err;
  }
  EXPECT_EQ(read_text(file_), kWarmLookups);
  EXPECT_FALSE(std::filesystem::exists(folder_.path("c")));  // nothing is left that never began
}

// Where something breaks early on, the table still tells what changed.
TEST_F(CompareTest, WhatBrokeIsShownWithIntervals) {
  const Output output =
      compare({"--b", "latency.default=uniform(22ms, 66ms)", "--b",
               "expect.0.metric=lookup.recall.min", "--b", "expect.0.at_least=100%"});
  EXPECT_EQ(output.code, 1) << output.out << output.err;
  EXPECT_NE(output.out.find("held in A and not in B"), std::string::npos) << output.out;
  EXPECT_NE(output.out.find(", 10 seeds"), std::string::npos) << output.out;
  EXPECT_NE(output.out.find("95 % interval"), std::string::npos) << output.out;
  EXPECT_EQ(output.out.find("inf"), std::string::npos) << output.out;
}

class ComparedStores : public CompareTest {
 protected:
  // A store of these runs.
  std::string store(const std::string& name, const std::vector<std::string>& more,
                    const std::string& file) {
    const std::string path = folder_.path(name);
    std::vector<std::string> command{"run", file, "--out", path};
    command.insert(command.end(), more.begin(), more.end());
    const Output output = run_program(command);
    EXPECT_EQ(output.code, 0) << output.err;
    return path;
  }
  std::string store(const std::string& name, const std::vector<std::string>& more) {
    return store(name, more, file_);
  }
  Output compare_stores(const std::string& a, const std::string& b,
                        const std::vector<std::string>& more = {}) {
    std::vector<std::string> command{"compare", a, b};
    command.insert(command.end(), more.begin(), more.end());
    return run_program(command);
  }
};

// As the same runs are compared without a store.
TEST_F(ComparedStores, SayTheSameAsTheirRuns) {
  const std::string delay = "latency.default=uniform(22ms, 66ms)";
  const std::string a = store("a", {"--seeds", "1..10"});
  const std::string b = store("b", {"--seeds", "1..10", "--set", delay});
  const std::string json = folder_.path("stores.json");
  const Output stores = compare_stores(a, b, {"--json", json});
  EXPECT_EQ(stores.code, 1) << stores.out << stores.err;
  EXPECT_NE(stores.out.find("other settings or defaults"), std::string::npos) << stores.out;
  const std::string direct = folder_.path("direct.json");
  EXPECT_EQ(compare({"--seeds", "1..10", "--b", delay, "--json", direct}).code, 1);
  const auto from_stores = nlohmann::json::parse(read_text(json));
  const auto from_runs = nlohmann::json::parse(read_text(direct));
  for (const char* key : {"rows", "verdict", "seeds", "identical", "broken"}) {
    EXPECT_EQ(from_stores[key], from_runs[key]) << key;
  }
  EXPECT_EQ(compare_stores(a, a).out.find("worse"), std::string::npos);
}

TEST_F(ComparedStores, OfSeveralScenariosShareTheLevel) {
  const std::string other = folder_.write("other.toml", scenario_text("other", true));
  const std::string a = store("a", {"--seeds", "1..3"});
  store("a", {"--seeds", "1..3"}, other);
  const std::string json = folder_.path("c.json");
  const Output output = compare_stores(a, a, {"--json", json});
  EXPECT_EQ(output.code, 0) << output.out << output.err;
  EXPECT_NE(output.out.find("identical: lookups, other (2 of 2 scenarios)\n"), std::string::npos)
      << output.out;
  const auto written = nlohmann::json::parse(read_text(json));
  EXPECT_EQ(written["comparisons"].size(), 2u);
  EXPECT_EQ(written["comparisons"][0]["level"], 0.025);
  EXPECT_EQ(written["verdict"], "identical");
}

TEST_F(ComparedStores, ThatAreNoPairEndWithTwo) {
  const std::string a = store("a", {"--seeds", "1..3"});
  const std::string fewer = store("fewer", {"--seeds", "1..2"});
  const std::string part = store("part", {"--seeds", "1..3", "--shard", "1/2"});
  const std::string two = store("two", {"--seeds", "1..3"});
  store("two", {"--seeds", "1..3", "--set", "protocol.k=9"});
  const std::string other = store("other", {"--seeds", "1..3"},
                                  folder_.write("other.toml", scenario_text("other", true)));
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong{
      {{a, fewer}, "fewer has no seed 3"},
      {{fewer, a}, "fewer has no seed 3"},
      {{part, a}, "is not whole: lookups: seed 2"},
      {{a, other}, "a has lookups, and"},
      {{a, two}, "several settings"},
      {{a, folder_.path("a/units")}, "is no store"},
      {{a, file_}, "two stores"},
      {{a, a, "--seeds", "1..2"}, "as they are"},
      {{a, a, "--gate", "latency_ms(other).p50"}, "has no sample in either"}};
  for (const auto& [arguments, said] : wrong) {
    std::vector<std::string> command{"compare"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const Output output = run_program(command);
    EXPECT_EQ(output.code, 2) << said << output.out;
    EXPECT_NE(output.err.find(said), std::string::npos) << output.err;
  }
}

// Before hours of work, not after.
TEST_F(CompareTest, OutputsAreTriedBeforeAnythingRuns) {
  const Output output = compare({"--b", "protocol.kk=2", "--junit", folder_.path("no/where.xml")});
  EXPECT_EQ(output.code, 2);
  EXPECT_NE(output.err.find("no/where.xml"), std::string::npos) << output.err;
  EXPECT_EQ(output.err.find("protocol.kk"), std::string::npos) << output.err;
}

class ComparedPrograms : public CompareTest {
 protected:
  // A program that is this one, after these lines of a shell.
  std::string program(const std::string& name, const std::string& lines) {
    const std::string path =
        folder_.write(name, "#!/bin/sh\n" + lines + "exec '" + macula_sim() + "' \"$@\"\n");
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
  }
  Output compare_programs(const std::string& a, const std::string& b,
                          const std::vector<std::string>& more) {
    std::vector<std::string> command{"compare", "--programs", a, b, file_};
    command.insert(command.end(), more.begin(), more.end());
    return run_program(command);
  }
};

TEST_F(ComparedPrograms, EqualOnesAreIdenticalAndASlowerOneIsWorse) {
  const std::string same = program("same", "");
  // A later setting overrides: the newer program is one whose links are slower.
  const std::string slow =
      program("slow", "set -- \"$@\" --set 'latency.default=uniform(22ms, 66ms)'\n");
  const Output identical = compare_programs(macula_sim(), same, {"--seeds", "1..2"});
  EXPECT_EQ(identical.code, 0) << identical.out << identical.err;
  EXPECT_NE(identical.out.find("2 of 2 runs identical"), std::string::npos) << identical.out;
  const std::string xml = folder_.path("c.xml");
  const Output worse = compare_programs(
      same, slow, {"--gate", "lookup.latency_ms.p50", "--junit", xml, "--jobs", "2"});
  EXPECT_EQ(worse.code, 1) << worse.out << worse.err;
  const std::string junit = read_text(xml);
  EXPECT_NE(junit.find("<failure type=\"worse\" message=\"worse: A "), std::string::npos) << junit;
  EXPECT_NE(junit.find("failures=\"1\""), std::string::npos) << junit;
  EXPECT_EQ(compare_programs(slow, same, {"--gate", "lookup.latency_ms.p50"}).code, 0);
}

TEST_F(ComparedPrograms, ThatCannotRunItEndWithTwo) {
  const std::vector<std::pair<std::string, std::string>> wrong{
      {folder_.path("nowhere"), "cannot run"},
      {program("usage", "echo 'no such option' >&2\nexit 2\n"), "no such option"},
      {program("killed", "kill -KILL $$\n"), "signal 9"},
      {program("stops", "set -- \"$@\" --set scenario.max_events=10\n"), "limit of 10 events"},
      {program("nothing", "exit 0\n"), "is no store"}};
  for (const auto& [path, said] : wrong) {
    for (const bool old : {true, false}) {
      const Output output = old ? compare_programs(path, macula_sim(), {"--seeds", "1..2"})
                                : compare_programs(macula_sim(), path, {"--seeds", "1..2"});
      EXPECT_EQ(output.code, 2) << said << output.out << output.err;
      EXPECT_NE(output.err.find(said), std::string::npos) << output.err;
    }
  }
}

}  // namespace
}  // namespace macula::sim
