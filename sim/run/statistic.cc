#include "sim/run/statistic.h"

#include <cmath>
#include <cstdint>

#include "base/check.h"

namespace macula::sim {

namespace {

// The standard deviation, of all samples there are.
double deviation_of(const Samples& samples) {
  const double mean = samples.mean();
  double squares = 0;
  samples.for_each([&](std::int64_t value, std::uint64_t times) {
    const double off = static_cast<double>(value) - mean;
    squares += off * off * static_cast<double>(times);
  });
  return std::sqrt(squares / static_cast<double>(samples.count()));
}

}  // namespace

double units_per(const MetricInfo& info) {
  if (info.unit == "ms") return 1e6;  // ns
  const bool samples = needs_statistic(info.kind);
  if (info.unit == "rate" && samples) return 1e6;  // millionths
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
    case Statistic::deviation:
      return deviation_of(samples) / units;
  }
  MACULA_CHECK(false);
}

}  // namespace macula::sim
