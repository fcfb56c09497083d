#include "sim/cli/terminal.h"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "sim/cli/text.h"

namespace macula::sim {
namespace {

constexpr const char* kGreen = "\x1b[32m";
constexpr const char* kRed = "\x1b[31m";
constexpr const char* kPlain = "\x1b[0m";

std::string counted(std::uint64_t count, const char* noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

bool asserts_nothing(const RunResult& run) {
  return run.record && run.expectations.empty();
}

bool is_set(const char* variable) {
  // Read before any thread starts, and nothing here writes the environment.
  const char* value = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe)
  return value != nullptr && *value != '\0';
}

}  // namespace

bool wants_colours(int file_descriptor) {
  return isatty(file_descriptor) != 0 && !is_set("NO_COLOR");
}

std::string Terminal::painted(const char* colour, const std::string& text) const {
  return style_.colours ? colour + text + kPlain : text;
}

void Terminal::print(const Outcome& outcome) {
  const bool good = outcome.result.passed;
  ++runs_;
  failed_ += good ? 0 : 1;
  not_deterministic_ += outcome.difference ? 1 : 0;
  records_ += asserts_nothing(outcome.result) ? 1 : 0;
  if (good && style_.quiet) return;
  print_verdict(outcome);
  if (!style_.quiet) {
    for (const std::string& line : figure_lines(outcome.result)) out_ << "  " << line << '\n';
    for (const std::string& line : note_lines(outcome.result)) out_ << "  " << line << '\n';
  }
  if (good) return;
  for (const std::string& line : failure_lines(outcome, style_.overrides)) {
    out_ << "  " << line << '\n';
  }
}

void Terminal::print_verdict(const Outcome& outcome) {
  const RunResult& run = outcome.result;
  const std::string verdict = run.passed ? painted(kGreen, "PASS") : painted(kRed, "FAIL");
  fmt::print(out_, "{}  {}  {}  {}s  {}", verdict, run.scenario, digest_text(run.digest),
             seconds_text(run.virtual_ns), counted(run.messages, "message"));
  if (style_.show_seeds) fmt::print(out_, "  seed {}", run.seed);
  if (asserts_nothing(run)) fmt::print(out_, "  record: asserts nothing");
  out_ << '\n';
}

void Terminal::print_summary() {
  fmt::print(out_, "{}: {} passed, {}", counted(runs_, "run"), runs_ - failed_,
             failed_ == 0 ? "0 failed" : painted(kRed, fmt::format("{} failed", failed_)));
  if (records_ != 0) fmt::print(out_, ", {} asserted nothing", records_);
  if (not_deterministic_ != 0) {
    out_ << ", " << painted(kRed, fmt::format("{} not deterministic", not_deterministic_));
  }
  out_ << '\n';
}

}  // namespace macula::sim
