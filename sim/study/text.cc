#include "sim/study/text.h"

#include <fmt/format.h>

#include <sstream>

#include "base/text/units.h"
#include "sim/run/replay.h"
#include "sim/study/quantity.h"

namespace macula::sim {
namespace {

std::string expected_text(const ExpectationResult& expectation) {
  if (expectation.nodes) return expectation.expected;
  const Quantity low(expectation.bounds.low, expectation.unit);
  const Quantity high(expectation.bounds.high, expectation.unit);
  switch (expectation.bounds.comparison) {
    case Comparison::equals:
      return "= " + low.text();
    case Comparison::at_least:
      return ">= " + low.text();
    case Comparison::at_most:
      return "<= " + high.text();
    case Comparison::between:
    case Comparison::near:
      return low.text() + " to " + high.text();
  }
  return expectation.expected;
}

std::string measured_text(const ExpectationResult& expectation) {
  if (!expectation.measured) return "nothing";
  const double value = *expectation.measured;
  const Bounds& bounds = expectation.bounds;
  // In the words of the bound that it is on the wrong side of.
  const bool below = value < bounds.low && bounds.comparison != Comparison::at_most;
  return Quantity(below ? bounds.low : bounds.high, expectation.unit).measured(value);
}

constexpr int kFigureDigits = 5;

// The value that was stated, and how far off the measure is.
std::string figure_of(const ExpectationResult& expectation) {
  const Quantity stated(expectation.near->value, expectation.unit);
  const std::string gate = Quantity(expectation.near->gate, expectation.unit).text();
  if (!expectation.measured) {
    return fmt::format("expected {}, measured nothing, gate {}", stated.text(), gate);
  }
  return fmt::format("expected {}, measured {}, difference {}, gate {}", stated.text(),
                     stated.measured(*expectation.measured, kFigureDigits),
                     stated.difference(*expectation.measured - expectation.near->value), gate);
}

void add_lines(const std::string& text, std::vector<std::string>& lines) {
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
}

}  // namespace

std::string digest_text(std::uint64_t digest) {
  return fmt::format("{:016x}", digest);
}

std::string seconds_text(std::int64_t ns) {
  constexpr std::int64_t kMillisecond = 1'000'000;
  const std::int64_t ms = ns / kMillisecond;
  return fmt::format("{}.{:03}", ms / 1000, ms % 1000);
}

const char* verdict_name(const RunResult& run) {
  if (!run.crash.empty()) return "crash";
  if (!run.violations.empty()) return "violated";
  return run.passed ? "pass" : "fail";
}

std::string replay_command(const Outcome& outcome) {
  const RunResult& run = outcome.result;
  return replay_command(run.file, run.seed, run.world, run.overrides) +
         (outcome.difference ? " --verify" : "");
}

std::string finding_of(const ExpectationResult& expectation) {
  if (expectation.near) return figure_of(expectation);
  return fmt::format("expected {}, measured {}", expected_text(expectation),
                     measured_text(expectation));
}

std::string violation_text(const BrokenInvariant& violation) {
  return fmt::format("violated: {}: {}at t = {}, event {}: {}", violation.invariant,
                     violation.node.empty() ? "" : "node " + violation.node + ", ",
                     describe_duration(Duration{violation.virtual_ns}), violation.event,
                     violation.what);
}

std::vector<std::string> figure_lines(const RunResult& run) {
  std::vector<std::string> lines;
  for (const ExpectationResult& expectation : run.expectations) {
    if (!expectation.near || !expectation.passed) continue;
    lines.push_back(expectation.name + ": " + figure_of(expectation));
  }
  return lines;
}

std::string place_text(const RunResult& run, int line) {
  return line == 0 ? run.file : fmt::format("{}:{}", run.file, line);
}

std::vector<std::string> note_lines(const RunResult& run) {
  std::vector<std::string> lines;
  for (const Remark& note : run.notes) {
    lines.push_back(fmt::format("note: {}: {}", place_text(run, note.line), note.text));
  }
  if (run.watched < run.nodes) {
    lines.push_back(fmt::format("note: the invariants of {} of {} were looked at after each event",
                                grouped(run.watched), counted(run.nodes, "node")));
  }
  std::uint64_t all = 0;
  std::string labels;
  for (const auto& [label, count] : run.unfinished) {
    all += count;
    labels += fmt::format("{}{} {}", labels.empty() ? "" : ", ", count,
                          label.empty() ? "without a label" : "of `" + label + "`");
  }
  if (all != 0) {
    lines.push_back(
        fmt::format("note: {} had no time to end: {}", counted(all, "operation"), labels));
  }
  return lines;
}

std::vector<std::string> failure_lines(const Outcome& outcome) {
  const RunResult& run = outcome.result;
  std::vector<std::string> lines;
  for (const BrokenInvariant& violation : run.violations) {
    lines.push_back(fmt::format("{}: {}", run.file, violation_text(violation)));
  }
  if (run.violations_left_out != 0) {
    lines.push_back(fmt::format("{}: violated at {}", run.file,
                                counted(run.violations_left_out, "more place")));
  }
  for (const Remark& error : run.errors) {
    lines.push_back(fmt::format("{}: {}", place_text(run, error.line), error.text));
  }
  for (const ExpectationResult& expectation : run.expectations) {
    if (expectation.passed) continue;
    lines.push_back(fmt::format("{}:{}: {}: {}", run.file, expectation.line, expectation.name,
                                finding_of(expectation)));
    if (!expectation.detail.empty()) lines.push_back("  " + expectation.detail);
  }
  if (!run.stopped.empty()) lines.push_back(run.file + ": stopped: " + run.stopped);
  if (outcome.difference) {
    lines.push_back(run.file + ": not deterministic: " + *outcome.difference);
  }
  if (!run.crash.empty()) {
    add_lines(run.crash, lines);  // the last of them is the command
  } else {
    lines.push_back("replay: " + replay_command(outcome));
  }
  return lines;
}

}  // namespace macula::sim
