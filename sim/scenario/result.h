// The result of a run: the verdict, each expectation's measure, and the metrics.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/timeline.h"

namespace macula::sim {

// Bounds in the metric's unit; `equals` has one value in both.
struct Bounds {
  Comparison comparison = Comparison::at_least;
  double low = 0;
  double high = 0;
};

// The terms of an expectation that states a value and how far off a measure may be.
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
  std::string metric{};                     // as the file names it
  std::string unit{};                       // "rate", "ms", "count", "bytes/s"
  Bounds bounds{};
  bool nodes = false;  // `expected` is a set of nodes, and the bounds how many they are
};

// Something to be said of a run, and the line of its file that it is about.
struct Remark {
  int line = 0;
  std::string text;
};

// An invariant that was broken (sim/scenario/invariant.h), and where it showed at first.
struct BrokenInvariant {
  std::string invariant;
  std::string node;  // empty: of no single node
  std::string what;
  std::int64_t virtual_ns = 0;
  std::uint64_t event = 0;  // after so many of them

  [[nodiscard]] bool operator==(const BrokenInvariant&) const = default;
};

// The summary of the samples of one metric; percentiles are nearest-rank.
struct Summary {
  std::uint64_t count = 0;
  double mean = 0;
  double min = 0;
  double p50 = 0;
  double p75 = 0;
  double p90 = 0;
  double p95 = 0;
  double p99 = 0;
  double p99_9 = 0;
  double max = 0;

  [[nodiscard]] bool operator==(const Summary&) const = default;
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
  std::uint64_t hash = 0;  // of the resolved scenario: Scenario::hash
  Overrides overrides{};   // that it was read with
  std::uint64_t seed = 0;
  std::string world = "virtual";
  std::string profile;
  bool passed = false;
  std::string
      stopped;  // why the run ended early ("event limit of 1000 reached"); empty: it did not
  // The message of a failed check, in lines, where one ended the run; empty: none did.
  std::string crash{};
  // In the order in which they were found; each fails the run.
  std::vector<BrokenInvariant> violations{};
  std::uint64_t violations_left_out = 0;
  // Nodes, and those of them whose invariants were looked at after each of their events.
  std::uint64_t nodes = 0;
  std::uint64_t watched = 0;
  bool interrupted = false;  // it was told to stop before its end
  bool record = false;       // the scenario is a record that asserts nothing
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
  std::map<std::string, Summary> metrics;  // "lookup.rpcs", and by label: "lookup.rpcs(probe)"
  std::uint64_t labels_left_out = 0;       // of those that have only a success rate above
  std::vector<Checkpoint> checkpoints;
  // The data of pictures, where they were asked for: RunOptions::pictures.
  std::optional<Timeline> timeline{};
  std::map<std::string, std::vector<HistogramBar>> histograms{};  // of some of the metrics
};

}  // namespace macula::sim
