// What came out of a run: the verdict, each expectation's measure, and the metrics.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace macula::sim {

// Of an expectation that states a value and how far off a measure may be.
struct Near {
  double value = 0;
  double gate = 0;
};

struct ExpectationResult {
  std::string name;
  int line = 0;
  bool passed = false;
  std::string expected;                     // ">= 0.99"
  std::optional<double> measured;           // nothing: no sample, which fails
  std::string detail;                       // for people: "held by edge1, edge3"; may be empty
  std::optional<Near> near = std::nullopt;  // where that is what was expected
};

// Something to be said of a run, and the line of its file that it is about.
struct Remark {
  int line = 0;
  std::string text;
};

// Of the samples of one metric; percentiles are nearest-rank.
struct Summary {
  std::uint64_t count = 0;
  double mean = 0;
  double p50 = 0;
  double p90 = 0;
  double p99 = 0;
  double max = 0;
};

// The digest of the run so far, every so many events: two runs are bisected by these.
struct Checkpoint {
  std::uint64_t events = 0;
  std::int64_t virtual_ns = 0;
  std::uint64_t digest = 0;
};

struct RunResult {
  std::string scenario;
  std::string file;
  std::uint64_t seed = 0;
  std::string world = "virtual";
  std::string profile;
  bool passed = false;
  std::string
      stopped;  // why the run ended early ("event limit of 1000 reached"); empty: it did not
  bool record = false;  // the scenario is a record that asserts nothing
  std::uint64_t digest = 0;
  std::int64_t virtual_ns = 0;
  std::uint64_t events = 0;
  std::uint64_t messages = 0;
  std::int64_t wall_ns = 0;
  std::vector<ExpectationResult> expectations;
  std::vector<Remark> errors;  // each fails the run: "hit nobody: .."
  std::vector<Remark> notes;   // what its reader should know
  // Operations that the end of the run cut short, by label; those without one under "".
  std::map<std::string, std::uint64_t> unfinished;
  std::map<std::string, Summary> metrics;
  std::vector<Checkpoint> checkpoints;
};

}  // namespace macula::sim
