// `macula-sim run`, through the program: exit codes, what is printed, and what is written.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/sim/program.h"

namespace macula::sim {
namespace {

using Json = nlohmann::json;

class RunCommand : public testing::Test {
 protected:
  RunCommand() {
    good_ = folder_.write("good.toml", scenario_text("good", true));
    bad_ = folder_.write("bad.toml", scenario_text("bad", false));
    broken_ = folder_.write("broken.toml", "[scenario]\nschema = 1\nnaem = \"x\"\n");
  }

  [[nodiscard]] Json json(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "run");
    arguments.insert(arguments.end(), {"--json", folder_.path("results.json")});
    const Output output = run_program(arguments);
    EXPECT_LE(output.code, 1) << output.err;
    return Json::parse(read_text(folder_.path("results.json")));
  }

  TempFolder folder_;
  std::string good_;
  std::string bad_;
  std::string broken_;
};

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

void without_wall_time(Json& results) {
  for (Json& run : results["runs"]) run.erase("wall_ns");
}

// The last line but for how long it took.
std::string without_time(const std::string& out) {
  return out.substr(0, out.rfind(" in "));
}

TEST_F(RunCommand, PassesWhenAllHold) {
  const Output output = run_program({"run", good_});
  EXPECT_EQ(output.code, 0) << output.err;
  EXPECT_EQ(output.out.substr(0, 12), "PASS  good  ");
  EXPECT_NE(output.out.find("\n1 run: 1 passed, 0 failed in "), std::string::npos) << output.out;
  EXPECT_NE(output.out.find(" messages/s\n"), std::string::npos) << output.out;
  EXPECT_EQ(output.out.find('\x1b'), std::string::npos) << "colours only on a terminal";
  EXPECT_EQ(output.err, "");
}

TEST_F(RunCommand, FailsWithTheLineWhatWasMeasuredAndTheReplay) {
  const Output output = run_program({"run", bad_, good_, "--seed", "9", "--set", "protocol.k=8"});
  EXPECT_EQ(output.code, 1);
  EXPECT_NE(output.out.find(bad_ + ":25: the hub answers: expected <= 50 %, measured 100 %\n"),
            std::string::npos)
      << output.out;
  EXPECT_NE(output.out.find("macula-sim run " + bad_ + " --seed 9 --set protocol.k=8\n"),
            std::string::npos)
      << output.out;
  EXPECT_NE(output.out.find("2 runs: 1 passed, 1 failed"), std::string::npos);
}

TEST_F(RunCommand, QuietShowsFailuresAndTheSum) {
  const Output output = run_program({"run", good_, bad_, "--quiet"});
  EXPECT_EQ(count_of(output.out, "PASS"), 0U);
  EXPECT_EQ(count_of(output.out, "FAIL"), 1U);
  EXPECT_EQ(count_of(output.out, "2 runs:"), 1U);
}

TEST_F(RunCommand, RefusesAllFilesBeforeTheFirstRun) {
  const Output output = run_program({"run", good_, broken_, folder_.path("none.toml")});
  EXPECT_EQ(output.code, 2);
  EXPECT_EQ(output.out, "");
  EXPECT_NE(output.err.find("none.toml"), std::string::npos) << output.err;
  const std::string other = folder_.write("other.toml", "[scenario\n");
  const Output two = run_program({"run", good_, broken_, other});
  EXPECT_EQ(two.code, 2);
  EXPECT_EQ(two.out, "");
  EXPECT_NE(two.err.find(broken_ + ":3:1: error: "), std::string::npos) << two.err;
  EXPECT_NE(two.err.find(other + ":1:"), std::string::npos) << "all bad files, not the first";
}

TEST_F(RunCommand, RefusesWrongUsage) {
  EXPECT_EQ(run_program({"run"}).code, 2);
  EXPECT_EQ(run_program({"run", good_, "--seed", "1", "--seeds", "1..2"}).code, 2);
  EXPECT_EQ(run_program({"run", good_, "--no-such-option"}).code, 2);
  EXPECT_EQ(run_program({"run", good_, "--world", "real"}).code, 2);
  EXPECT_EQ(run_program({"run", good_, "--set", "protocol.alhpa=2"}).code, 2);
  EXPECT_EQ(run_program({"run", good_, "--set", "protocol.k=many"}).code, 2);
  EXPECT_EQ(run_program({"run", good_, bad_, "--trace", folder_.path("t")}).code, 2);
}

TEST_F(RunCommand, RefusesOutputThatCannotBeWrittenBeforeTheFirstRun) {
  for (const char* option : {"--json", "--junit", "--trace", "--out"}) {
    const std::string path = good_ + "/below-a-file";
    const Output output = run_program({"run", good_, option, path});
    EXPECT_EQ(output.code, 2) << option;
    EXPECT_EQ(output.out, "") << option;
    EXPECT_NE(output.err.find(path), std::string::npos) << output.err;
  }
}

TEST_F(RunCommand, SaysWhenOutputIsNotWhole) {
  const Output output = run_program({"run", good_, "--json", "/dev/full"});
  EXPECT_EQ(output.code, 2);
  EXPECT_NE(output.err.find("/dev/full"), std::string::npos);
}

TEST_F(RunCommand, WritesResultsInOrderOfPathThenSeedWhateverTheJobs) {
  Json one = json({bad_, good_, "--seeds", "3..6", "--jobs", "1"});
  Json many = json({bad_, good_, "--seeds", "3..6", "--jobs", "8"});
  ASSERT_EQ(one["runs"].size(), 8U);
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(one["runs"][i]["scenario"], i < 4 ? "bad" : "good");
    EXPECT_EQ(one["runs"][i]["seed"], 3 + i % 4);
  }
  without_wall_time(one);
  without_wall_time(many);
  EXPECT_EQ(one, many);
  const Output first = run_program({"run", bad_, good_, "--seeds", "3..6", "--jobs", "1"});
  const Output second = run_program({"run", bad_, good_, "--seeds", "3..6", "--jobs", "8"});
  EXPECT_EQ(without_time(first.out), without_time(second.out));
}

TEST_F(RunCommand, AFolderIsRunWhole) {
  std::filesystem::remove(broken_);
  const Json results = json({folder_.path("")});
  ASSERT_EQ(results["runs"].size(), 2U);
  EXPECT_EQ(results["runs"][0]["scenario"], "bad");
}

TEST_F(RunCommand, TheJsonHasWhatScriptsReadAndTheTypesTheyExpect) {
  const Json results = json({good_});
  EXPECT_EQ(results["schema"], 2);
  const Json& run = results["runs"][0];
  EXPECT_EQ(run["file"], good_);
  EXPECT_EQ(run["seed"], 7) << "the seed of the file";
  EXPECT_EQ(run["world"], "virtual");
  EXPECT_EQ(run["profile"], "kademlia");
  EXPECT_EQ(run["verdict"], "pass");
  EXPECT_EQ(run["digest"].get<std::string>().size(), 16U);
  EXPECT_GT(run["wall_ns"], 0);
  EXPECT_GT(run["messages"], 0);
  for (const char* key : {"seed", "virtual_ns", "events", "messages", "wall_ns"}) {
    EXPECT_TRUE(run[key].is_number_integer()) << key;
  }
  const Json& expectation = run["expectations"][0];
  EXPECT_EQ(expectation["name"], "the hub answers");
  EXPECT_TRUE(expectation["line"].is_number_integer());
  EXPECT_EQ(expectation["verdict"], "pass");
  EXPECT_EQ(expectation["expected"], ">= 0.99");
  EXPECT_EQ(expectation["measured"], 1.0);
}

TEST_F(RunCommand, VerifyFindsTheseRunsDeterministic) {
  EXPECT_EQ(run_program({"run", good_, "--verify"}).code, 0);
  EXPECT_EQ(run_program({"run", bad_, "--verify"}).code, 1);
}

TEST_F(RunCommand, OutHoldsResultAndTraceOfEachRun) {
  const std::string out = folder_.path("o");
  EXPECT_EQ(run_program({"run", good_, "--seeds", "1..2", "--out", out}).code, 0);
  for (const char* run : {"good-1", "good-2"}) {
    const Json result = Json::parse(read_text(out + "/" + run + "/result.json"));
    EXPECT_EQ(result["runs"].size(), 1U);
    std::istringstream trace(read_text(out + "/" + run + "/trace.jsonl"));
    std::size_t lines = 0;
    for (std::string line; std::getline(trace, line); ++lines) {
      EXPECT_TRUE(Json::accept(line)) << line;
    }
    EXPECT_GT(lines, 0U);
  }
}

// The folder of a run shows that run, though the store has it of an earlier command.
TEST_F(RunCommand, AFolderOfOtherSettingsIsWrittenAnew) {
  const std::string out = folder_.path("out");
  const std::vector<std::string> command{"run", good_, "--seeds", "1..1", "--out", out, "--resume"};
  EXPECT_EQ(run_program(command).code, 0);
  const std::string first = read_text(out + "/good-1/trace.jsonl");
  ASSERT_NE(first, "");
  std::vector<std::string> other = command;
  other.insert(other.end(), {"--set", "latency.default=70ms"});
  EXPECT_EQ(run_program(other).code, 0);
  EXPECT_NE(read_text(out + "/good-1/trace.jsonl"), first);
  EXPECT_EQ(run_program(command).code, 0);
  EXPECT_EQ(read_text(out + "/good-1/trace.jsonl"), first);
  const Output taken = run_program(command);
  EXPECT_NE(taken.out.find("1 of them from the store"), std::string::npos) << taken.out;
}

TEST_F(RunCommand, OutHoldsTheStoreAloneWhereAsked) {
  const std::string out = folder_.path("o");
  EXPECT_EQ(run_program({"run", good_, "--seeds", "1..2", "--out", out, "--store-only"}).code, 0);
  std::set<std::string> names;
  for (const auto& each : std::filesystem::directory_iterator(out)) {
    names.insert(each.path().filename().string());
  }
  EXPECT_EQ(names, (std::set<std::string>{"asked", "units"}));
  EXPECT_NE(run_program({"run", good_, "--store-only"}).err.find("--store-only needs --out"),
            std::string::npos);
}

TEST_F(RunCommand, TraceIsTheSameAloneAndBesideOut) {
  const std::string alone = folder_.path("alone.jsonl");
  const std::string beside = folder_.path("beside.jsonl");
  EXPECT_EQ(run_program({"run", good_, "--trace", alone}).code, 0);
  EXPECT_EQ(run_program({"run", good_, "--trace", beside, "--out", folder_.path("o")}).code, 0);
  EXPECT_NE(read_text(alone), "");
  EXPECT_EQ(read_text(alone), read_text(beside));
  EXPECT_EQ(read_text(alone), read_text(folder_.path("o/good-7/trace.jsonl")));
}

TEST_F(RunCommand, ATableOfTheLabelsAfterOneRunOrWhenAsked) {
  const std::string head = "  label  operations  success ";
  EXPECT_EQ(count_of(run_program({"run", good_}).out, head), 1U);
  EXPECT_EQ(count_of(run_program({"run", good_, "--quiet"}).out, head), 0U);
  EXPECT_EQ(count_of(run_program({"run", good_, bad_}).out, head), 0U);
  EXPECT_EQ(count_of(run_program({"run", good_, bad_, "-v"}).out, head), 2U);
}

TEST_F(RunCommand, SeedsEndWithARollUp) {
  const Output output = run_program({"run", good_, bad_, "--seeds", "3..4"});
  for (const char* told : {"\nscenario  passed  success", "\ngood      2 of 2 ",
                           "\nbad       0 of 2 ", "\nbad: failing: 3, 4\n4 runs"}) {
    EXPECT_EQ(count_of(output.out, told), 1U) << told << '\n' << output.out;
  }
}

TEST_F(RunCommand, ResultsSayWhereTheyComeFrom) {
  const auto hash = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments{good_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return json(arguments)["runs"][0]["scenario_hash"].get<std::string>();
  };
  const std::string plain = hash({});
  EXPECT_EQ(hash({"--seed", "99"}), plain);
  EXPECT_NE(hash({"--set", "protocol.k=7"}), plain);
  // Neither its place nor how it is written down matters.
  const std::string elsewhere =
      folder_.write("moved.toml", "# A comment.\n" + scenario_text("good", true));
  EXPECT_EQ(json({elsewhere})["runs"][0]["scenario_hash"], plain);
  const Json results = json({good_, "--set", "protocol.k=7"});
  EXPECT_EQ(results["runs"][0]["set"], Json({"protocol.k=7"}));
  EXPECT_EQ(results["version"], "0.1.0");
}

TEST_F(RunCommand, MetricsAreThereByLabelToo) {
  const Json metrics = json({good_})["runs"][0]["metrics"];
  const Json& latency = metrics["latency_ms(beat)"];
  EXPECT_EQ(latency["count"], 11);
  EXPECT_LE(latency["p75"], latency["p95"]);
  EXPECT_LE(latency["p99.9"], latency["max"]);
  EXPECT_GT(latency["min"], 10);
}

// A percentile of an expectation is that of the JSON.
TEST_F(RunCommand, AnyPercentileCanBeExpected) {
  const Json latency = json({good_})["runs"][0]["metrics"]["latency_ms(beat)"];
  const std::string file = folder_.write(
      "p.toml", scenario_text("good", true) +
                    "\n[[expect]]\nname = \"p99.9\"\nmetric = \"latency_ms(beat).p99.9\"\n"
                    "at_most = \"1s\"\n[[expect]]\nname = \"p25\"\n"
                    "metric = \"latency_ms(beat).p25\"\nat_least = \"1s\"\n");
  const Json expectations = json({file})["runs"][0]["expectations"];
  EXPECT_EQ(expectations[1]["measured"], latency["p99.9"]);
  EXPECT_LE(expectations[2]["measured"], latency["p50"]);
  EXPECT_NE(run_program({"run", file}).out.find("p25: expected >= 1s, measured "),
            std::string::npos);
}

TEST_F(RunCommand, VerifySaysThatItDid) {
  EXPECT_EQ(count_of(run_program({"run", good_, "--verify"}).out, "; verified: each ran twice"),
            1U);
  EXPECT_EQ(count_of(run_program({"run", good_}).out, "verified"), 0U);
}

TEST_F(RunCommand, TheSummaryNamesAnotherWorld) {
  const Output output = run_program({"run", good_, "--world", "virtual-quic"});
  EXPECT_EQ(count_of(output.out, "\n1 run in virtual-quic: 1 passed"), 1U) << output.out;
}

TEST_F(RunCommand, JunitCountsTheRuns) {
  const std::string path = folder_.path("results.xml");
  EXPECT_EQ(run_program({"run", good_, bad_, "--junit", path}).code, 1);
  const std::string xml = read_text(path);
  EXPECT_EQ(count_of(xml, "<testcase "), 2U);
  EXPECT_EQ(count_of(xml, "<failure "), 1U);
  EXPECT_EQ(count_of(xml, "<testsuite "), 2U);
  EXPECT_EQ(count_of(xml, "tests=\"1\" failures=\"1\""), 1U);
}

}  // namespace
}  // namespace macula::sim
