// The families of Macula's metrics, a file each. A metric is a row and a function in one of them.
#pragma once

#include <vector>

#include "sim/scenario/metric.h"

namespace macula::sim {

[[nodiscard]] std::vector<MetricInfo> value_metrics();    // what operations return
[[nodiscard]] std::vector<MetricInfo> search_metrics();   // what their searches and calls did
[[nodiscard]] std::vector<MetricInfo> route_metrics();    // how messages were passed on
[[nodiscard]] std::vector<MetricInfo> traffic_metrics();  // what is sent, and what arrives
[[nodiscard]] std::vector<MetricInfo> record_metrics();   // what nodes hold for each other
[[nodiscard]] std::vector<MetricInfo> table_metrics();    // whom nodes know, how they are

}  // namespace macula::sim
