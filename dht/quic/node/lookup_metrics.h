// How the lookups of a node go, for /metrics: how many, with what success, how long, over how many
// hops.
//
//   application.listen({{}, [&](const LookupReport& report) { metrics.add(report); }});
#pragma once

#include <prometheus/histogram.h>
#include <prometheus/metric_family.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "dht/lookup/lookup_report.h"

namespace macula::dht::quic {

class LookupMetrics {
 public:
  LookupMetrics();
  void add(const LookupReport& report);
  [[nodiscard]] std::vector<prometheus::MetricFamily> collect() const;

 private:
  enum Result : std::uint8_t { success, failure, timeout };
  static constexpr std::size_t kResults = 3;

  // The metrics of the lookups for nodes, or of those for values.
  struct Kind {
    Kind();
    std::array<std::uint64_t, kResults> results{};
    prometheus::Histogram seconds;
    prometheus::Histogram hops;
  };

  std::array<Kind, 2> kinds_;  // for nodes, for values
};

}  // namespace macula::dht::quic
