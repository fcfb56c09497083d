#include "sim/cli/terminal.h"

#include <gtest/gtest.h>

#include <chrono>
#include <sstream>

#include "tests/sim/study/sample_run.h"

namespace macula::sim {
namespace {

Outcome bad_outcome() {
  Outcome outcome;
  outcome.result = sample_run();
  return outcome;
}

Outcome good_outcome() {
  Outcome outcome = bad_outcome();
  outcome.result.passed = true;
  return outcome;
}

std::string printed(const Outcome& outcome, const TerminalStyle& style) {
  std::ostringstream out;
  Terminal terminal(out, style);
  terminal.print(outcome);
  return out.str();
}

std::string summary(const std::vector<Outcome>& outcomes, TerminalStyle style,
                    const Ending& ending) {
  style.quiet = true;
  std::ostringstream out;
  Terminal terminal(out, style);
  for (const Outcome& outcome : outcomes) terminal.print(outcome);
  out.str("");
  terminal.print_summary(ending);
  return out.str();
}

TEST(Terminal, ALineForARunThatPassed) {
  EXPECT_EQ(printed(good_outcome(), {}),
            "PASS  heal  00000000000000ab  15min 0.5s  700 messages\n");
  TerminalStyle quiet;
  quiet.quiet = true;
  EXPECT_EQ(printed(good_outcome(), quiet), "");
}

TEST(Terminal, ARunThatFailedSaysWhyAndHowToReplayIt) {
  TerminalStyle style;
  style.quiet = true;  // shows failures all the same
  style.show_seeds = true;
  Outcome outcome = bad_outcome();
  outcome.result.seed = 3;
  outcome.result.stopped = "event limit of 1500 reached";
  outcome.difference = "they part";
  EXPECT_EQ(printed(outcome, style),
            "FAIL  heal  00000000000000ab  15min 0.5s  700 messages  seed 3\n"
            "  faults/heal.toml:41: callable <again>: expected >= 99 %, measured 50 %\n"
            "    not answered by eu#3\n"
            "  faults/heal.toml:46: stored: expected >= 100 %, measured nothing\n"
            "  faults/heal.toml: stopped: event limit of 1500 reached\n"
            "  faults/heal.toml: not deterministic: they part\n"
            "  replay: macula-sim run faults/heal.toml --seed 3 --set protocol.k=2 "
            "--set 'scenario.name=it'\\''s' --verify\n");
}

TEST(Terminal, ARunThatCrashedSaysWhatTheCheckSaid) {
  Outcome outcome = bad_outcome();
  outcome.result.expectations.clear();
  outcome.result.crash = "check failed: a == b (x.cc:3)\nin heal\nreplay: macula-sim run";
  EXPECT_EQ(printed(outcome, {}),
            "CRASH  heal  00000000000000ab  15min 0.5s  700 messages\n"
            "  check failed: a == b (x.cc:3)\n  in heal\n  replay: macula-sim run\n");
}

TEST(Terminal, ABrokenInvariantSaysWhere) {
  Outcome outcome = bad_outcome();
  outcome.result.expectations.clear();
  outcome.result.violations = {{"buckets", "eu#3", "a contact lies twice", 1'500'000'000, 100}};
  outcome.result.violations_left_out = 2;
  EXPECT_EQ(printed(outcome, {}),
            "VIOLATED  heal  00000000000000ab  15min 0.5s  700 messages\n"
            "  faults/heal.toml: violated: buckets: node eu#3, at t = 1.5s, event 100: a contact "
            "lies twice\n"
            "  faults/heal.toml: violated at 2 more places\n"
            "  replay: macula-sim run faults/heal.toml --seed 18446744073709551615 --set "
            "protocol.k=2 --set 'scenario.name=it'\\''s'\n");
}

TEST(Terminal, SaysThatNotAllNodesWereWatched) {
  Outcome outcome = good_outcome();
  outcome.result.nodes = 30'000;
  outcome.result.watched = 10'012;
  EXPECT_NE(printed(outcome, {})
                .find("note: the invariants of 10 012 of 30 000 nodes were looked "
                      "at after each event\n"),
            std::string::npos)
      << printed(outcome, {});
}

TEST(Terminal, FiguresHaveTheirUnit) {
  Outcome outcome = good_outcome();
  ExpectationResult& figure = outcome.result.expectations[2];
  figure.near = Near{1.82, 0.05};
  figure.unit = "count";
  figure.measured = 1.8354;
  figure.bounds = {Comparison::near, 1.77, 1.87};
  EXPECT_NE(printed(outcome, {})
                .find("  found: expected 1.82, measured 1.8354, difference +0.0154, gate 0.05\n"),
            std::string::npos)
      << printed(outcome, {});
}

TEST(Terminal, ATableForEachLabel) {
  TerminalStyle style;
  style.tables = true;
  EXPECT_EQ(printed(good_outcome(), style),
            "PASS  heal  00000000000000ab  15min 0.5s  700 messages\n"
            "  label  operations  success    mean   p50     p95   p99  requests\n"
            "  probe           4     75 %  41.5ms  40ms  66.4ms  70ms         -\n");
}

TEST(Terminal, ARecordSaysThatItAssertsNothing) {
  Outcome outcome = good_outcome();
  outcome.result.record = true;
  EXPECT_EQ(printed(outcome, {}).find("record: asserts nothing"), std::string::npos);
  outcome.result.expectations.clear();
  EXPECT_NE(printed(outcome, {}).find("record: asserts nothing"), std::string::npos);
}

TEST(Terminal, SumsUp) {
  Outcome bad = bad_outcome();
  bad.difference = "they part";
  Outcome crashed = bad_outcome();
  crashed.result.crash = "check failed";
  Outcome violated = bad_outcome();
  violated.result.violations.emplace_back();
  const Ending half_a_second{std::chrono::milliseconds(500), false, 5};
  EXPECT_EQ(summary({good_outcome(), good_outcome(), bad, violated, crashed}, {}, half_a_second),
            "5 runs: 2 passed, 1 failed, 1 violated, 1 crashed, 1 not deterministic in 0.50s, "
            "7 000 messages/s\n");
}

TEST(Terminal, SaysInWhichWorldThatItVerifiedAndThatItWasInterrupted) {
  TerminalStyle style;
  style.world = "virtual-quic";
  style.verified = true;
  const Ending early{std::chrono::seconds(1), true, 20};
  EXPECT_EQ(summary({good_outcome()}, style, early),
            "1 run in virtual-quic: 1 passed, 0 failed, interrupted after 1 of 20 in 1.00s, 1 400 "
            "messages/s; verified: each ran twice, with the same digest\n");
}

TEST(Terminal, RollsUpOverSeeds) {
  TerminalStyle style;
  style.show_seeds = true;
  std::vector<Outcome> outcomes;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    outcomes.push_back(seed == 7 || seed == 10 ? bad_outcome() : good_outcome());
    outcomes.back().result.seed = seed;
  }
  outcomes.push_back(good_outcome());
  outcomes.back().result.scenario = "other";
  outcomes.back().result.file = "other.toml";
  const std::string text = summary(outcomes, style, {std::chrono::seconds(1), false, 21});
  EXPECT_EQ(text.substr(0, text.find("21 runs")),
            "scenario    passed  success  recall  lookup p50  p99  messages\n"
            "heal      18 of 20     75 %       -           -    -       700\n"
            "other       1 of 1     75 %       -           -    -       700\n"
            "heal: failing: 7, 10\n");
}

TEST(Terminal, PaintsOnlyWhenAsked) {
  EXPECT_EQ(printed(good_outcome(), {}).find('\x1b'), std::string::npos);
  TerminalStyle style;
  style.colours = true;
  EXPECT_NE(printed(good_outcome(), style).find("\x1b[32mPASS\x1b[0m"), std::string::npos);
}

}  // namespace
}  // namespace macula::sim
