// Metrics that know nothing of the protocol: every kit may take them.
//
//   kit.metrics = general_metrics();
//   kit.metrics.push_back({.name = "reached", .unit = "rate"});
#pragma once

#include <vector>

#include "sim/scenario/metric.h"

namespace macula::sim {

[[nodiscard]] std::vector<MetricInfo> success_metrics();   // success_rate, error_rate
[[nodiscard]] std::vector<MetricInfo> duration_metrics();  // operations, unfinished, latency_ms
[[nodiscard]] std::vector<MetricInfo> message_metrics();   // messages, attempts_per_s
// overlay.components and the like, of communities that tell whom their nodes know
[[nodiscard]] std::vector<MetricInfo> overlay_metrics();
[[nodiscard]] std::vector<MetricInfo> general_metrics();  // all of them

}  // namespace macula::sim
