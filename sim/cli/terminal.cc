#include "sim/cli/terminal.h"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "base/text/printable.h"
#include "base/text/units.h"
#include "sim/cli/label_table.h"
#include "sim/study/aligned.h"
#include "sim/study/quantity.h"
#include "sim/study/text.h"

namespace macula::sim {
namespace {

constexpr const char* kGreen = "\x1b[32m";
constexpr const char* kRed = "\x1b[31m";
constexpr const char* kPlain = "\x1b[0m";
constexpr std::size_t kSeedsShown = 20;

bool asserts_nothing(const RunResult& run) {
  return run.record && run.expectations.empty();
}

bool is_set(const char* variable) {
  // Read before any thread starts, and nothing here writes the environment.
  const char* value = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe)
  return value != nullptr && *value != '\0';
}

// "7, 10", of many the first ones.
std::string list_of(const std::vector<std::uint64_t>& seeds) {
  const std::size_t shown = std::min(seeds.size(), kSeedsShown);
  std::string text = fmt::format(
      "{}", fmt::join(seeds.begin(), seeds.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
  if (shown < seeds.size()) text += fmt::format(" and {} more", seeds.size() - shown);
  return text;
}

}  // namespace

bool wants_colours(int file_descriptor) {
  return isatty(file_descriptor) != 0 && !is_set("NO_COLOR");
}

std::string Terminal::painted(const char* colour, const std::string& text) const {
  return style_.colours ? colour + text + kPlain : text;
}

void Terminal::count(const Outcome& outcome) {
  const RunResult& run = outcome.result;
  ++runs_;
  if (!run.crash.empty()) {
    ++crashed_;
  } else if (!run.violations.empty()) {
    ++violated_;
  } else if (!run.passed) {
    ++failed_;
  }
  not_deterministic_ += outcome.difference ? 1 : 0;
  records_ += asserts_nothing(run) ? 1 : 0;
  messages_ += run.messages;
  if (!style_.show_seeds) return;
  if (seeds_.empty() || seeds_.back().file != run.file) {
    seeds_.push_back({run.scenario, run.file});
  }
  seeds_.back().means.add(run);
  if (!run.passed) seeds_.back().failing.push_back(run.seed);
}

void Terminal::print(const Outcome& outcome) {
  count(outcome);
  const bool good = outcome.result.passed;
  if (good && style_.quiet) return;
  print_verdict(outcome);
  std::vector<std::string> lines;
  if (!style_.quiet) lines = figure_lines(outcome.result);
  if (style_.tables) {
    for (std::string& line : label_table(outcome.result)) lines.push_back(std::move(line));
  }
  if (!style_.quiet) {
    for (std::string& line : note_lines(outcome.result)) lines.push_back(std::move(line));
  }
  if (!good) {
    for (std::string& line : failure_lines(outcome)) lines.push_back(std::move(line));
  }
  for (const std::string& line : lines) out_ << "  " << printable(line, Lines::many) << '\n';
  out_.flush();
}

void Terminal::print_verdict(const Outcome& outcome) {
  const RunResult& run = outcome.result;
  std::string verdict = verdict_name(run);
  for (char& letter : verdict) letter = static_cast<char>(letter - 'a' + 'A');
  fmt::print(out_, "{}  {}  {}  {}  {}", painted(run.passed ? kGreen : kRed, verdict),
             printable(run.scenario, Lines::one), digest_text(run.digest),
             describe_duration(Duration{run.virtual_ns}), counted(run.messages, "message"));
  if (style_.show_seeds) fmt::print(out_, "  seed {}", run.seed);
  if (asserts_nothing(run)) fmt::print(out_, "  record: asserts nothing");
  out_ << '\n';
}

void Terminal::print_seeds() const {
  if (seeds_.empty()) return;
  std::vector<std::vector<std::string>> rows{{"scenario"}};
  RunMeans::append_titles_to(rows.back());
  for (const Seeds& each : seeds_) {
    rows.push_back({printable(each.scenario, Lines::one)});
    each.means.append_to(rows.back());
  }
  for (const std::string& line : aligned(rows)) out_ << line << '\n';
  for (const Seeds& each : seeds_) {
    if (each.failing.empty()) continue;
    fmt::print(out_, "{}: {}\n", printable(each.scenario, Lines::one),
               painted(kRed, "failing: " + list_of(each.failing)));
  }
}

void Terminal::print_summary(const Ending& ending) {
  print_seeds();
  fmt::print(out_, "{}{}: {} passed, {}", counted(runs_, "run"),
             style_.world == "virtual" ? "" : " in " + style_.world,
             runs_ - failed_ - violated_ - crashed_,
             failed_ == 0 ? "0 failed" : painted(kRed, fmt::format("{} failed", failed_)));
  if (violated_ != 0) out_ << ", " << painted(kRed, fmt::format("{} violated", violated_));
  if (crashed_ != 0) out_ << ", " << painted(kRed, fmt::format("{} crashed", crashed_));
  if (records_ != 0) fmt::print(out_, ", {} asserted nothing", records_);
  if (not_deterministic_ != 0) {
    out_ << ", " << painted(kRed, fmt::format("{} not deterministic", not_deterministic_));
  }
  if (ending.interrupted) {
    out_ << ", " << painted(kRed, fmt::format("interrupted after {} of {}", runs_, ending.asked));
  }
  if (ending.taken != 0) fmt::print(out_, ", {} of them from the store", grouped(ending.taken));
  const double seconds = static_cast<double>(ending.wall.count()) / 1e9;
  fmt::print(out_, " in {:.2f}s", seconds);
  if (seconds > 0 && ending.taken == 0) {
    const double runs = style_.verified ? 2 : 1;
    fmt::print(
        out_, ", {} messages/s",
        grouped(static_cast<std::uint64_t>(runs * static_cast<double>(messages_) / seconds)));
  }
  if (style_.verified && runs_ != 0 && not_deterministic_ == 0) {
    out_ << "; verified: each ran twice, with the same digest";
  }
  out_ << std::endl;
}

}  // namespace macula::sim
