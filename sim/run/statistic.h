// The statistic of a metric, of its samples.
#pragma once

#include "analysis/samples.h"
#include "sim/scenario/metric.h"

namespace macula::sim {

// How many of the smallest units, which samples have, make one of the metric's.
[[nodiscard]] double units_per(const MetricInfo& info);

// In the metric's unit. There is at least one sample, or a count.
[[nodiscard]] double statistic_of(const Samples& samples, const Metric& metric);

}  // namespace macula::sim
