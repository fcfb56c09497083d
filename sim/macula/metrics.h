// The families of Macula's metrics, a file each. A metric is a row and a function in one of them.
#pragma once

#include <vector>

#include "sim/scenario/metric.h"

namespace macula::sim {

[[nodiscard]] std::vector<MetricInfo> operation_metrics();  // how operations and searches end
[[nodiscard]] std::vector<MetricInfo> traffic_metrics();    // what is sent, and what arrives
[[nodiscard]] std::vector<MetricInfo> record_metrics();     // what nodes hold for each other
[[nodiscard]] std::vector<MetricInfo> table_metrics();      // whom nodes know, how they are

}  // namespace macula::sim
