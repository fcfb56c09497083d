#include "sim/cli/text.h"

#include <fmt/format.h>

#include <string_view>

namespace macula::sim {
namespace {

std::string quoted_for_shell(std::string_view word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+@%";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos) {
    return std::string(word);
  }
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

// Numbers are written with the fewest digits that read back as the same number.
std::string line_of(const std::string& file, const ExpectationResult& expectation) {
  return fmt::format("{}:{}: {}: expected {}, measured {}", file, expectation.line,
                     expectation.name, expectation.expected,
                     expectation.measured ? fmt::format("{}", *expectation.measured) : "nothing");
}

// What was stated and what was measured, to the digits that tell something.
std::string figure_of(const ExpectationResult& expectation) {
  const Near& near = *expectation.near;
  if (!expectation.measured) {
    return fmt::format("{}: expected {}, measured nothing, gate {}", expectation.name, near.value,
                       near.gate);
  }
  return fmt::format("{}: expected {}, measured {:.6g}, difference {:+.4g}, gate {}",
                     expectation.name, near.value, *expectation.measured,
                     *expectation.measured - near.value, near.gate);
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

std::string replay_command(const RunResult& run, const Overrides& overrides) {
  std::string command =
      fmt::format("macula-sim run {} --seed {}", quoted_for_shell(run.file), run.seed);
  if (run.world != "virtual") command += " --world " + run.world;
  for (const auto& [key, value] : overrides) {
    command += " --set " + quoted_for_shell(key + "=" + value);
  }
  return command;
}

std::vector<std::string> figure_lines(const RunResult& run) {
  std::vector<std::string> lines;
  for (const ExpectationResult& expectation : run.expectations) {
    if (expectation.near && expectation.passed) lines.push_back(figure_of(expectation));
  }
  return lines;
}

std::vector<std::string> note_lines(const RunResult& run) {
  std::vector<std::string> lines;
  for (const Remark& note : run.notes) {
    lines.push_back(fmt::format("note: {}:{}: {}", run.file, note.line, note.text));
  }
  std::uint64_t all = 0;
  std::string labels;
  for (const auto& [label, count] : run.unfinished) {
    all += count;
    labels += fmt::format("{}{} {}", labels.empty() ? "" : ", ", count,
                          label.empty() ? "without a label" : "of `" + label + "`");
  }
  if (all != 0) {
    lines.push_back(fmt::format("note: {} operation{} had no time to end: {}", all,
                                all == 1 ? "" : "s", labels));
  }
  return lines;
}

std::vector<std::string> failure_lines(const Outcome& outcome, const Overrides& overrides) {
  const RunResult& run = outcome.result;
  std::vector<std::string> lines;
  for (const Remark& error : run.errors) {
    lines.push_back(fmt::format("{}:{}: {}", run.file, error.line, error.text));
  }
  for (const ExpectationResult& expectation : run.expectations) {
    if (expectation.passed) continue;
    lines.push_back(expectation.near ? fmt::format("{}:{}: {}", run.file, expectation.line,
                                                   figure_of(expectation))
                                     : line_of(run.file, expectation));
    if (!expectation.detail.empty()) lines.push_back("  " + expectation.detail);
  }
  if (!run.stopped.empty()) lines.push_back(run.file + ": stopped: " + run.stopped);
  if (outcome.difference) {
    lines.push_back(run.file + ": not deterministic: " + *outcome.difference);
  }
  lines.push_back("replay: " + replay_command(run, overrides) +
                  (outcome.difference ? " --verify" : ""));
  return lines;
}

}  // namespace macula::sim
