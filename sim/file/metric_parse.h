// The text of a metric (sim/scenario/metric.h), and whether its names fit the scenario.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "sim/file/selector_parse.h"
#include "sim/scenario/kit.h"
#include "sim/scenario/metric.h"

namespace macula::sim {

// The labels of a scenario's steps, "{n}" and all, and how often the steps of each happen.
using Labels = std::map<std::string, std::uint64_t, std::less<>>;

// NAME, NAME(ARGUMENTS) or either with .STATISTIC; arguments by position or as name=value.
// "messages(message[, from=..][, to=..])": its name with its arguments.
[[nodiscard]] std::string metric_form(const MetricInfo& info);
// "distribution", "rate", "count", "state" or "state distribution".
[[nodiscard]] std::string_view metric_kind_name(MetricKind kind);

[[nodiscard]] tl::expected<Metric, std::string> parse_metric(const Kit& kit, std::string_view text);

// The error in the nodes and the label of the metric; empty: there is none. A label of a step may
// hold "{n}", which stands for the number of a repetition.
[[nodiscard]] std::string check_metric(const Metric& metric, const PopulationNames& names,
                                       const Labels& labels);

}  // namespace macula::sim
