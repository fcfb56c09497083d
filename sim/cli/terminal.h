// The output for a person: a line for each run, each failure and its replay, and the sum.
//
//     PASS  partition-heal  9f86d081884c7d65  15min  20114 messages
//     1 run: 1 passed, 0 failed in 0.21s, 95 000 messages/s
//
// All but the time of the last line depends on the results only, so that two runs of one command
// print the same.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "base/time.h"
#include "sim/study/outcome.h"
#include "sim/study/run_means.h"

namespace macula::sim {

struct TerminalStyle {
  bool colours = false;
  bool quiet = false;       // failures and the summary only
  bool show_seeds = false;  // when a scenario runs with several
  bool tables = false;      // of the labels of each run
  bool verified = false;    // each run was run twice and compared
  std::string world = "virtual";
};

// How a command ended, for the last line.
struct Ending {
  Duration wall{0};
  bool interrupted = false;
  std::size_t asked = 0;  // runs
  std::size_t taken = 0;  // of the runs, from a store
};

class Terminal {
 public:
  Terminal(std::ostream& out, TerminalStyle style) : out_(out), style_(std::move(style)) {}

  void print(const Outcome& outcome);
  // Several seeds: a table with a row for each scenario, and which seeds fail; then the sum.
  void print_summary(const Ending& ending);

  [[nodiscard]] std::uint64_t failed() const { return failed_ + violated_ + crashed_; }
  [[nodiscard]] std::uint64_t not_deterministic() const { return not_deterministic_; }

 private:
  // A scenario over its seeds.
  struct Seeds {
    std::string scenario;
    std::string file;
    RunMeans means{};
    std::vector<std::uint64_t> failing{};
  };

  void count(const Outcome& outcome);
  void print_verdict(const Outcome& outcome);
  void print_seeds() const;
  [[nodiscard]] std::string painted(const char* colour, const std::string& text) const;

  std::ostream& out_;
  TerminalStyle style_;
  std::uint64_t runs_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t violated_ = 0;
  std::uint64_t crashed_ = 0;
  std::uint64_t records_ = 0;
  std::uint64_t not_deterministic_ = 0;
  std::uint64_t messages_ = 0;
  std::vector<Seeds> seeds_;  // in order of the runs
};

// Whether colours are wanted on this stream: a terminal, and NO_COLOR (no-color.org) is not set.
[[nodiscard]] bool wants_colours(int file_descriptor);

}  // namespace macula::sim
