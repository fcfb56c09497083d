// The measure of an expectation: a metric of the kit, its arguments and, for a distribution, the
// statistic.
//
//     success_rate(probe)        lookup.rpcs.mean        messages(find_value, to=edge3)
//     lookup.latency_ms(find).p99                        holders(test.calculator.add)
//
// A row of MetricInfo is all there is of a metric: reading, the documentation and the run go by it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "sim/scenario/selector.h"

namespace macula::sim {

enum class MetricKind : std::uint8_t {
  distribution,  // of samples taken as operations end; needs a statistic
  rate,          // mean of 0-or-1 samples
  count,         // events counted
  state,         // read off the nodes at one instant
  // Samples read off the nodes at one instant; needs a statistic.
  state_distribution,
};

enum class Statistic : std::uint8_t { none, mean, percentile, min, max, count, deviation };

enum class MetricArgument : std::uint8_t { label, text, key, node, from, to, message, age, code };

// The events that a metric is told of, as they happen: see Sight (sim/run/sight.h).
enum class Watch : std::uint8_t {
  nothing,     // it is read off the nodes
  ended,       // an operation has ended, but for those that are:
  unfinished,  // the end of the run has cut an operation short
  handed,      // a message has been handed to a node
  sent,        // a request or one-way message has been sent
  served,      // a call has reached a handler
  chore,       // a chore has sent something
  aged,        // a stored record has an age that expectations ask about
  member,      // at the end of the run, of each node
};

// For a count: the figure made of the seconds of its window, rather than their sum.
enum class Seconds : std::uint8_t { together, greatest, greatest_over_mean };

struct Metric;
struct Sight;      // sim/run/sight.h
struct State;      // sim/run/state.h
struct StateView;  // sim/run/state.h

struct MetricInfo {
  std::string_view name{};
  MetricKind kind = MetricKind::distribution;
  std::vector<MetricArgument> required{};  // by position
  std::vector<MetricArgument> optional{};  // label, text, node: by position; from, to: by name
  std::string_view unit{};                 // "rate", "ms", "count", "bytes/s"
  std::string_view about{};                // one sentence, for the documentation

  Watch watch = Watch::nothing;
  // The sample: in ns for "ms", in millionths for a distribution of rates, 0 or 1 for a rate, how
  // many for a count. Nothing: what is seen says nothing to it. None: it is read.
  std::optional<std::int64_t> (*sample)(const Sight& sight, const Metric& metric) = nullptr;
  // For the kinds that are read off the nodes.
  State (*read)(const StateView& view) = nullptr;
  Seconds seconds = Seconds::together;
  bool names_nodes = false;  // what is read are nodes: `equals` may name them
};

struct Metric {
  const MetricInfo* info = nullptr;
  Statistic statistic = Statistic::none;
  std::uint32_t percentile_ppm = 0;  // of `percentile`: 999'000 for p99.9
  std::string label;                 // empty: any
  std::string text;                  // the answer, error code or procedure asked about
  std::string key;
  std::string message;  // type name: "find_value"
  std::optional<Duration> age;
  std::optional<Selector> node;
  std::optional<Selector> from;
  std::optional<Selector> to;
  std::string source;  // as written
};

// Whether a metric of this kind has many samples, of which a statistic says one number.
[[nodiscard]] constexpr bool needs_statistic(MetricKind kind) {
  return kind == MetricKind::distribution || kind == MetricKind::state_distribution;
}

// The metric's unit, after its statistic: "rate", "ms", "count", "bytes/s".
[[nodiscard]] std::string_view unit_of(const Metric& metric);

// Whether `label` is what `form`, a step's label, may become with numbers in place of "{n}".
[[nodiscard]] bool label_matches(std::string_view form, std::string_view label);

// Whether a metric with the label `wanted` speaks of an operation's label: empty means any, and one
// with "{n}" all of the series.
[[nodiscard]] bool speaks_of(const std::string& wanted, const std::string& label);

}  // namespace macula::sim
