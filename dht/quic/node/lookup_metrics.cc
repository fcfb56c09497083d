#include "dht/quic/node/lookup_metrics.h"

#include <chrono>
#include <string>

namespace macula::dht::quic {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr std::array<const char*, 2> kKindNames{"node", "value"};
constexpr std::array<const char*, 3> kResultNames{"success", "failure", "timeout"};

// From a neighbour on the same machine to the deadline of a search.
prometheus::Histogram::BucketBoundaries second_bounds() {
  return {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
}

prometheus::Histogram::BucketBoundaries hop_bounds() {
  return {0, 1, 2, 3, 4, 5, 6, 8, 10};
}

}  // namespace

LookupMetrics::Kind::Kind() : seconds(second_bounds()), hops(hop_bounds()) {}

LookupMetrics::LookupMetrics() = default;

void LookupMetrics::add(const LookupReport& report) {
  Kind& kind = kinds_[report.for_value ? 1 : 0];
  const Result result = report.success ? success : report.timed_out ? timeout : failure;
  ++kind.results[result];
  kind.seconds.Observe(std::chrono::duration<double>(report.elapsed).count());
  kind.hops.Observe(report.stats.depth);
}

std::vector<MetricFamily> LookupMetrics::collect() const {
  MetricFamily count{"macula_lookups_total", "Lookups that have ended", MetricType::Counter, {}};
  MetricFamily seconds{
      "macula_lookup_duration_seconds", "How long lookups took", MetricType::Histogram, {}};
  MetricFamily hops{"macula_lookup_hops",
                    "Referrals to the first of the closest nodes found",
                    MetricType::Histogram,
                    {}};
  for (std::size_t i = 0; i < kinds_.size(); ++i) {
    const ClientMetric::Label kind{"kind", kKindNames[i]};
    for (std::size_t result = 0; result < kResults; ++result) {
      ClientMetric metric;
      metric.label = {kind, {"result", kResultNames[result]}};
      metric.counter.value = static_cast<double>(kinds_[i].results[result]);
      count.metric.push_back(std::move(metric));
    }
    for (auto [family, histogram] :
         {std::pair{&seconds, &kinds_[i].seconds}, std::pair{&hops, &kinds_[i].hops}}) {
      ClientMetric metric = histogram->Collect();
      metric.label = {kind};
      family->metric.push_back(std::move(metric));
    }
  }
  return {count, seconds, hops};
}

}  // namespace macula::dht::quic
