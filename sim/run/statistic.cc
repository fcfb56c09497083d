#include "sim/run/statistic.h"

#include <cstdint>

#include "base/check.h"

namespace macula::sim {

double units_per(const MetricInfo& info) {
  if (info.unit == "ms") return 1e6;                                             // ns
  if (info.unit == "rate" && info.kind == MetricKind::distribution) return 1e6;  // millionths
  return 1;
}

double statistic_of(const Samples& samples, const Metric& metric) {
  const double units = units_per(*metric.info);
  const auto in_units = [&](std::int64_t value) { return static_cast<double>(value) / units; };
  switch (metric.statistic) {
    case Statistic::none:
    case Statistic::mean:
      return samples.mean() / units;
    case Statistic::percentile:
      return in_units(samples.percentile(metric.percentile_ppm));
    case Statistic::min:
      return in_units(samples.min());
    case Statistic::max:
      return in_units(samples.max());
    case Statistic::count:
      return static_cast<double>(samples.count());
  }
  MACULA_CHECK(false);
}

}  // namespace macula::sim
