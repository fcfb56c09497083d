// Steps that hit nobody, faults that met no packet, and operations that had no time to end: a run
// says so of itself.
#include "sim/run/step_log.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "sim/run/run.h"
#include "tests/sim/scenario_text.h"

namespace macula::sim {
namespace {

// `eu#0` to `eu#9`, `gw` and `bootstrap` are up from the start and silent; `later` joins at 50 s.
const std::string kQuiet = kHead +
                           "[[node]]\nname = \"later\"\n"
                           "join = { via = \"bootstrap\", at = \"50s\" }\n";

RunResult run_steps(const std::string& steps, const Overrides& overrides = {}) {
  const std::string text = kQuiet + steps +
                           "[[expect]]\nname = \"nobody holds it\"\n"
                           "metric = \"holders(no-such-key)\"\nequals = 0\n";
  const auto scenario = parse(text, overrides);
  if (!scenario) throw std::runtime_error(errors(text, overrides));
  return run_scenario(*scenario, 1, {});
}

std::string at(const std::string& t, const std::string& rest) {
  return "[[at]]\nt = \"" + t + "\"\n" + rest + "\n";
}

// The errors of the run, a line each.
std::string errors_in(const std::string& steps) {
  const RunResult result = run_steps(steps);
  std::string all;
  for (const Remark& error : result.errors) all += error.text + "\n";
  EXPECT_EQ(result.passed, all.empty());
  return all;
}

struct Case {
  const char* verb;
  const char* error;  // how it begins
};

TEST(StepLog, AStepThatHitsNobodyFailsTheRun) {
  const Case cases[] = {
      {"crash = \"holders(no-such-key)\"",
       "hit nobody: `crash` found no node of `holders(no-such-key)` up"},
      {"crash = \"sample(eu, 0%)\"", "hit nobody: `crash`"},
      {"crash = \"later\"", "hit nobody: `crash` found no node of `later` up"},
      {"crash = [\"holders(a)\", \"holders(b)\"]",
       "hit nobody: `crash` found no node of `[\"holders(a)\", \"holders(b)\"]` up"},
      {"restart = \"gw\"", "hit nobody: `restart` found no node of `gw` down"},
      {"pause = \"later\"", "hit nobody: `pause` found no node of `later` up"},
      {"resume = \"gw\"", "hit nobody: `resume` found no node of `gw` paused"},
      {"partition = { between = [\"holders(a)\", \"gw\"] }", "hit nobody: `partition`"},
      {"partition = { between = [\"gw\", \"sample(eu, 0%)\"] }", "hit nobody: `partition`"},
      {"heal = \"all\"", "hit nobody: `heal` found no partition"},
      {"store = { by = \"later\", key = \"a\", value = \"1\" }", "hit nobody: `store`"},
      {"find = { by = \"later\", key = \"a\" }", "hit nobody: `find`"},
      {"advertise = { by = \"later\", procedure = \"p\" }", "hit nobody: `advertise`"},
      {"discover = { by = \"later\", procedure = \"p\" }", "hit nobody: `discover`"},
      {"lookup = { by = \"any(later)\", key = \"a\" }", "hit nobody: `lookup`"},
      {"call = { by = \"later\", procedure = \"p\" }", "hit nobody: `call`"},
      {"call = { by = \"gw\", to = \"holders(a)\", procedure = \"p\" }", "hit nobody: `call`"},
      {"cast = { by = \"gw\", to = \"holders(a)\", procedure = \"p\" }", "hit nobody: `cast`"},
      {"ping = { by = \"gw\", to = \"holders(a)\" }", "hit nobody: `ping`"},
      {"ping = { by = \"later\", to = \"gw\" }", "hit nobody: `ping`"},
      {"withdraw = { by = \"gw\", key = \"a\" }", "hit nobody: `withdraw` found nothing"},
      {"withdraw = { by = \"gw\", procedure = \"p\" }", "hit nobody: `withdraw` found nothing"},
  };
  for (const Case& c : cases) {
    const std::string found = errors_in(at("10s", c.verb));
    EXPECT_EQ(found.substr(0, std::string(c.error).size()), c.error) << c.verb;
    EXPECT_EQ(errors_in(at("10s", std::string("may_miss = true\n") + c.verb)), "") << c.verb;
  }
}

TEST(StepLog, NamesTheLineOfTheStep) {
  const RunResult result = run_steps(at("10s", "heal = \"all\""));
  ASSERT_EQ(result.errors.size(), 1U);
  const std::string before = kQuiet;
  EXPECT_EQ(result.errors[0].line, 1 + std::count(before.begin(), before.end(), '\n'));
}

TEST(StepLog, AStepThatHitsSomebodyIsRight) {
  EXPECT_EQ(errors_in(at("10s", "crash = \"gw\"") + at("11s", "restart = \"gw\"") +
                      at("12s", "pause = \"eu\"") + at("13s", "resume = \"eu#1 + gw\"") +
                      at("14s", "partition = { between = [\"gw\", \"eu\"] }") +
                      at("15s", "heal = \"all\"") +
                      at("16s", "store = { by = \"gw\", key = \"a\", value = \"1\" }") +
                      at("17s", "withdraw = { by = \"gw\", key = \"a\" }") +
                      at("18s", "advertise = { by = \"gw\", procedure = \"p\" }") +
                      at("19s", "withdraw = { by = \"gw\", procedure = \"p\" }")),
            "");
}

TEST(StepLog, WhatIsDoneAlreadyIsNotDoneAgain) {
  const std::string cut = "partition = { between = [\"gw\", \"eu\"] }";
  const auto first = [](const std::string& all) { return all.substr(0, all.find(' ', 12)); };
  EXPECT_EQ(first(errors_in(at("10s", "crash = \"gw\"") + at("11s", "crash = \"gw\""))),
            "hit nobody: `crash`");
  EXPECT_EQ(first(errors_in(at("10s", "pause = \"gw\"") + at("11s", "pause = \"gw\""))),
            "hit nobody: `pause`");
  EXPECT_EQ(first(errors_in(at("10s", cut) + at("11s", cut))), "hit nobody: `partition`");
  EXPECT_EQ(first(errors_in(
                at("10s", cut) +
                at("11s", "partition = { between = [\"eu#1\", \"gw\"], mode = \"one-way\" }"))),
            "hit nobody: `partition`");
  // A wider one, and the same after a heal, do part somebody.
  EXPECT_EQ(errors_in(at("10s", cut) +
                      at("11s", "partition = { between = [\"gw + bootstrap\", \"eu\"] }") +
                      at("12s", "heal = \"all\"") + at("13s", cut)),
            "");
  EXPECT_EQ(first(errors_in(at("10s", "store = { by = \"gw\", key = \"a\", value = \"1\" }") +
                            at("11s", "withdraw = { by = \"gw\", key = \"a\" }") +
                            at("12s", "withdraw = { by = \"gw\", key = \"a\" }"))),
            "hit nobody: `withdraw`");
}

TEST(StepLog, ARestartLeavesAloneWhoIsUp) {
  const RunResult all = run_steps(at("10s", "crash = \"gw\"") + at("11s", "restart = \"gw + eu\""));
  const RunResult one = run_steps(at("10s", "crash = \"gw\"") + at("11s", "restart = \"gw\""));
  EXPECT_EQ(all.digest, one.digest);
}

// `later` is up from 50 s on: the step finds it then.
TEST(StepLog, ARepeatedStepIsJudgedAsAWhole) {
  const std::string find = "find = { by = \"later\", key = \"a\" }";
  const RunResult some = run_steps(at("40s", "every = \"10s\"\n" + find));
  EXPECT_TRUE(some.passed);
  ASSERT_EQ(some.notes.size(), 1U);
  EXPECT_EQ(some.notes[0].text, "hit nobody 1 of 3 times: `find` found no node of `later` up");
  EXPECT_EQ(run_steps(at("40s", "may_miss = true\nevery = \"10s\"\n" + find)).notes.size(), 0U);
  EXPECT_EQ(errors_in(at("20s", "every = \"10s\"\nuntil = \"40s\"\n" + find)),
            "hit nobody 3 times: `find` found no node of `later` up; write "
            "`may_miss = true` if it may\n");
}

TEST(StepLog, WhatTheRunDidNotComeToIsNotJudged) {
  EXPECT_EQ(run_steps(at("59s", "heal = \"all\""), {{"scenario.max_events", "20"}}).errors.size(),
            0U);
}

TEST(StepLog, SidesThatOverlapAreAnError) {
  const std::string found =
      errors_in(at("10s", "partition = { between = [\"sample(eu, 100%)\", \"eu#4 + gw\"] }"));
  EXPECT_EQ(found, "the sides of the partition overlap: `eu#4` is on both\n");
  EXPECT_NE(errors_in(at("10s",
                         "may_miss = true\n"
                         "partition = { between = [\"closest(a, 12)\", \"any(eu)\"] }")),
            "");
}

TEST(Churn, AClassThatTakesNobodyDownFailsTheRun) {
  const std::string never =
      "[churn.rare]\napplies_to = \"eu\"\nsession = \"constant(2h)\"\nstart = \"fresh\"\n";
  EXPECT_EQ(errors_in(never),
            "hit nobody: [churn.rare] took no node down and brought none back; "
            "write `may_miss = true` if it may\n");
  EXPECT_EQ(errors_in(never + "may_miss = true\n"), "");
  EXPECT_NE(errors_in("[churn.none]\napplies_to = \"sample(eu, 0%)\"\nsession = \"10s\"\n"), "");
  EXPECT_EQ(errors_in("[churn.busy]\napplies_to = \"eu\"\nsession = \"constant(10s)\"\n"), "");
}

// ----- faults that nobody can have noticed -----

std::string notes_in(const std::string& steps, const Overrides& overrides = {}) {
  std::string all;
  for (const Remark& note : run_steps(steps, overrides).notes) all += note.text + "\n";
  return all;
}

TEST(Faults, ThatMeetNoPacketAreNoted) {
  const Overrides silent{{"protocol.maintenance", "false"}};
  const std::string cut = at("51s", "partition = { between = [\"gw\", \"bootstrap\"] }");
  EXPECT_EQ(notes_in(cut, silent), "met no packet: nobody said a word across the partition\n");
  EXPECT_EQ(notes_in(cut + at("52s", "ping = { by = \"gw\", to = \"bootstrap\" }"), silent), "");
  EXPECT_EQ(notes_in(cut + at("52s", "ping = { by = \"eu#1\", to = \"bootstrap\" }"), silent),
            "met no packet: nobody said a word across the partition\n");
  const std::string crash = at("51s", "crash = \"gw\"");
  EXPECT_EQ(notes_in(crash, silent),
            "met no packet: nobody said a word to the nodes that it crashed\n");
  EXPECT_EQ(notes_in(crash + at("52s", "ping = { by = \"eu#1\", to = \"gw\" }"), silent), "");
  // The one of two crashes of the same node that met a packet counts.
  EXPECT_EQ(notes_in(at("20s", "every = \"10s\"\nuntil = \"40s\"\ncrash = \"gw\"") +
                         at("25s", "every = \"10s\"\nuntil = \"45s\"\nrestart = \"gw\"") +
                         at("32s", "ping = { by = \"eu#1\", to = \"gw\" }"),
                     silent),
            "");
}

// ----- what the end cuts short -----

TEST(Unfinished, IsNoFailureAndIsCounted) {
  const std::string pings = at("51s",
                               "every = \"1s\"\nlabel = \"p\"\n"
                               "ping = { by = \"gw\", to = \"bootstrap\" }");
  const RunResult result = run_steps(pings);
  EXPECT_EQ(result.unfinished.at("p"), 1U);
  EXPECT_EQ(result.metrics.at("success_rate(p)").count, 9U);
  EXPECT_EQ(result.metrics.at("success_rate(p)").mean, 1);
  EXPECT_EQ(run_steps("").unfinished.size(), 0U);
}

// A paused node ends nothing. Its ping of 5 s should have ended by then, that of 20 s had time.
TEST(Unfinished, IsNotWhatShouldHaveEnded) {
  const RunResult result = run_steps(
      at("50s", "label = \"short\"\nping = { by = \"gw\", to = \"eu\", timeout = \"5s\" }") +
      at("50s", "label = \"long\"\nping = { by = \"gw\", to = \"eu\", timeout = \"20s\" }") +
      at("50s", "pause = \"gw\""));
  EXPECT_EQ(result.unfinished.count("short"), 0U);
  EXPECT_EQ(result.unfinished.at("long"), 10U);
  EXPECT_EQ(result.metrics.at("success_rate(short)").count, 10U);
  EXPECT_EQ(result.metrics.at("success_rate(short)").mean, 0);
  EXPECT_EQ(result.metrics.count("success_rate(long)"), 0U);
}

TEST(Labels, HaveTheNumberOfTheRepetition) {
  const RunResult result = run_steps(at("10s",
                                        "every = \"1s\"\nuntil = \"12s\"\nlabel = \"p-{n}\"\n"
                                        "ping = { by = \"gw\", to = \"bootstrap\" }"));
  for (const char* label : {"p-0", "p-1", "p-2"}) {
    EXPECT_EQ(result.metrics.at("success_rate(" + std::string(label) + ")").count, 1U) << label;
  }
  EXPECT_EQ(result.metrics.count("success_rate(p-{n})"), 0U);
  const std::string pings = at("10s",
                               "every = \"1s\"\nuntil = \"12s\"\nlabel = \"p-{n}\"\n"
                               "ping = { by = \"gw\", to = \"bootstrap\" }");
  for (const auto& [label, count] : {std::pair("p-1", 1), std::pair("p-{n}", 3)}) {
    const RunResult judged = run_steps(pings + "[[expect]]\nname = \"x\"\nmetric = \"operations(" +
                                       label + ")\"\nequals = " + std::to_string(count) + "\n");
    EXPECT_TRUE(judged.passed) << label;
  }
}

}  // namespace
}  // namespace macula::sim
