#include "sim/cli/terminal.h"

#include <gtest/gtest.h>

#include <sstream>

#include "tests/sim/cli/sample_run.h"

namespace macula::sim {
namespace {

Outcome good_outcome() {
  Outcome outcome;
  outcome.result = sample_run();
  outcome.result.passed = true;
  return outcome;
}

std::string printed(const Outcome& outcome, const TerminalStyle& style) {
  std::ostringstream out;
  Terminal terminal(out, style);
  terminal.print(outcome);
  return out.str();
}

TEST(Terminal, ALineForARunThatPassed) {
  EXPECT_EQ(printed(good_outcome(), {}), "PASS  heal  00000000000000ab  900.500s  700 messages\n");
  EXPECT_EQ(printed(good_outcome(), {false, true, false, {}}), "");
}

TEST(Terminal, ARunThatFailedSaysWhyAndHowToReplayIt) {
  TerminalStyle style;
  style.quiet = true;  // shows failures all the same
  style.show_seeds = true;
  style.overrides = {{"protocol.k", "2"}, {"scenario.name", "it's"}};
  Outcome outcome;
  outcome.result = sample_run();
  outcome.result.seed = 3;
  outcome.result.stopped = "event limit of 1500 reached";
  outcome.difference = "they part";
  EXPECT_EQ(printed(outcome, style),
            "FAIL  heal  00000000000000ab  900.500s  700 messages  seed 3\n"
            "  faults/heal.toml:41: callable <again>: expected >= 0.99, measured 0.5\n"
            "    not answered by eu#3\n"
            "  faults/heal.toml:46: stored: expected >= 1, measured nothing\n"
            "  faults/heal.toml: stopped: event limit of 1500 reached\n"
            "  faults/heal.toml: not deterministic: they part\n"
            "  replay: macula-sim run faults/heal.toml --seed 3 --set protocol.k=2 "
            "--set 'scenario.name=it'\\''s' --verify\n");
}

TEST(Terminal, ARecordSaysThatItAssertsNothing) {
  Outcome outcome = good_outcome();
  outcome.result.record = true;
  EXPECT_EQ(printed(outcome, {}).find("record: asserts nothing"), std::string::npos);
  outcome.result.expectations.clear();
  EXPECT_NE(printed(outcome, {}).find("record: asserts nothing"), std::string::npos);
}

TEST(Terminal, CountsUp) {
  std::ostringstream out;
  TerminalStyle style;
  style.quiet = true;
  Terminal terminal(out, style);
  terminal.print(good_outcome());
  terminal.print(good_outcome());
  Outcome bad = good_outcome();
  bad.result.passed = false;
  bad.difference = "they part";
  terminal.print(bad);
  EXPECT_EQ(terminal.failed(), 1U);
  EXPECT_EQ(terminal.not_deterministic(), 1U);
  out.str("");
  terminal.print_summary();
  EXPECT_EQ(out.str(), "3 runs: 2 passed, 1 failed, 1 not deterministic\n");
}

TEST(Terminal, PaintsOnlyWhenAsked) {
  EXPECT_EQ(printed(good_outcome(), {}).find('\x1b'), std::string::npos);
  EXPECT_NE(printed(good_outcome(), {true, false, false, {}}).find("\x1b[32mPASS\x1b[0m"),
            std::string::npos);
}

}  // namespace
}  // namespace macula::sim
