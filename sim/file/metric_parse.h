// The text of a metric (sim/scenario/metric.h), and whether its names fit the scenario.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "sim/scenario/metric.h"
#include "sim/file/selector_parse.h"

namespace macula::sim {

// The labels of a scenario's steps, "{n}" and all, and how often the steps of each happen.
using Labels = std::map<std::string, std::uint64_t, std::less<>>;

// NAME, NAME(ARGUMENTS) or either with .STATISTIC; arguments by position or as name=value.
[[nodiscard]] tl::expected<Metric, std::string> parse_metric(std::string_view text);

// The metric's unit, after its statistic: "rate", "ms", "count", "bytes/s".
[[nodiscard]] std::string_view unit_of(const Metric& metric);

// What is wrong with the nodes and the label the metric speaks of; empty: nothing. A label of a
// step may hold "{n}", which stands for the number of a repetition.
[[nodiscard]] std::string check_metric(const Metric& metric, const PopulationNames& names,
                                       const Labels& labels);

// Whether `label` is what `form`, a step's label, may become with numbers in place of "{n}".
[[nodiscard]] bool label_matches(std::string_view form, std::string_view label);

// Whether a metric with the label `wanted` speaks of an operation's label: empty means any, and one
// with "{n}" all of the series.
[[nodiscard]] bool speaks_of(const std::string& wanted, const std::string& label);

}  // namespace macula::sim
