// How a run went over time, in bins of equal width, and what the scenario did to it: all that a
// picture over time is drawn from. A few hundred bins, however long the run.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace macula::sim {

// Operations by the bin in which they began; those that the end of the run cut short are left out.
struct TimelineOperations {
  std::vector<std::uint64_t> ended;
  std::vector<std::uint64_t> failed;  // of these
  // Percentiles of their durations, within 1 %; nothing where none ended.
  std::vector<std::optional<std::uint64_t>> p50_ns;
  std::vector<std::optional<std::uint64_t>> p99_ns;

  [[nodiscard]] bool operator==(const TimelineOperations&) const = default;
};

enum class HappeningKind : std::uint8_t { operation, fault, churn };

// A step of the scenario, or a class of its churn.
struct Happening {
  HappeningKind kind = HappeningKind::operation;
  std::string name;   // of the verb, or of the class
  std::string what;   // "us / eu + asia": whom it is about, in short
  std::string label;  // of an operation; may be empty
  std::int64_t from_ns = 0;
  std::int64_t until_ns = 0;  // the same: once

  [[nodiscard]] bool operator==(const Happening&) const = default;
};

// When an expectation looks.
struct ExpectationWindow {
  std::int64_t from_ns = 0;
  std::int64_t until_ns = 0;

  [[nodiscard]] bool operator==(const ExpectationWindow&) const = default;
};

struct Timeline {
  std::int64_t bin_ns = 0;
  // For each bin that the run came to the end of.
  std::vector<std::uint64_t> messages;  // handed over in it
  std::vector<std::uint64_t> bytes;     // of messages, sent in it
  std::vector<std::uint64_t> up;        // nodes that are up at its end
  TimelineOperations operations;        // all
  std::map<std::string, TimelineOperations> by_label;
  std::uint64_t labels_left_out = 0;
  std::vector<Happening> happenings;  // in order of the file
  std::uint64_t happenings_left_out = 0;
  std::vector<ExpectationWindow> windows;  // of each expectation

  [[nodiscard]] bool operator==(const Timeline&) const = default;
};

// A bar of a metric, within 1 %: the middle of a bucket, in the metric's unit, and how many are in
// it.
struct HistogramBar {
  double value = 0;
  std::uint64_t count = 0;

  [[nodiscard]] bool operator==(const HistogramBar&) const = default;
};

}  // namespace macula::sim
