// What an expectation measures: a name of the catalogue, its arguments and, for a distribution, the
// statistic.
//
//   success_rate(probe)        lookup.rpcs.mean        messages(find_value, to=edge3)
//   lookup.latency_ms(find).p99                        holders(test.calculator.add)
//
// The catalogue is the one list of metrics: parsing, documentation and measuring go by it.
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
};

enum class Statistic : std::uint8_t { none, mean, percentile, min, max, count };

enum class MetricArgument : std::uint8_t { label, text, key, node, from, to, message, age };

struct MetricInfo {
  std::string_view name;
  MetricKind kind;
  std::vector<MetricArgument> required;  // by position
  std::vector<MetricArgument> optional;  // label, text, node: by position; from, to: by name
  std::string_view unit;                 // "rate", "ms", "count", "bytes/s"
  std::string_view about;                // one sentence, as in scenarios/README.md
};

// In the order of the documentation.
[[nodiscard]] const std::vector<MetricInfo>& metric_catalogue();

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

// The metric's unit, after its statistic: "rate", "ms", "count", "bytes/s".
[[nodiscard]] std::string_view unit_of(const Metric& metric);

// Whether `label` is what `form`, a step's label, may become with numbers in place of "{n}".
[[nodiscard]] bool label_matches(std::string_view form, std::string_view label);

// Whether a metric with the label `wanted` speaks of an operation's label: empty means any, and one
// with "{n}" all of the series.
[[nodiscard]] bool speaks_of(const std::string& wanted, const std::string& label);

}  // namespace macula::sim
