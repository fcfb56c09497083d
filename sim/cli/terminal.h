// What a person reads: a line for each run, what failed and how to replay it, and the sum.
//
//   PASS  partition-heal  9f86d081884c7d65  900.000s  20114 messages
//
// The text depends on the results only, so that two runs of one command print the same.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>

#include "sim/cli/outcome.h"
#include "sim/scenario/parse.h"

namespace macula::sim {

struct TerminalStyle {
  bool colours = false;
  bool quiet = false;       // failures and the summary only
  bool show_seeds = false;  // when a scenario runs with several
  Overrides overrides;      // for the commands that replay a failure
};

class Terminal {
 public:
  Terminal(std::ostream& out, TerminalStyle style) : out_(out), style_(std::move(style)) {}

  void print(const Outcome& outcome);
  void print_summary();

  [[nodiscard]] std::uint64_t failed() const { return failed_; }
  [[nodiscard]] std::uint64_t not_deterministic() const { return not_deterministic_; }

 private:
  void print_verdict(const Outcome& outcome);
  [[nodiscard]] std::string painted(const char* colour, const std::string& text) const;

  std::ostream& out_;
  TerminalStyle style_;
  std::uint64_t runs_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t records_ = 0;
  std::uint64_t not_deterministic_ = 0;
};

// Whether colours are wanted on this stream: a terminal, and NO_COLOR (no-color.org) is not set.
[[nodiscard]] bool wants_colours(int file_descriptor);

}  // namespace macula::sim
