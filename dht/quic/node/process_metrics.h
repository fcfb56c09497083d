// The system's figures for this process, under the names that Prometheus' own libraries use.
#pragma once

#include <prometheus/metric_family.h>

#include <string>
#include <vector>

namespace macula::dht::quic {

// process_cpu_seconds_total, process_resident_memory_bytes and so on, from /proc; what the system
// does not tell is left out.
[[nodiscard]] std::vector<prometheus::MetricFamily> process_metrics();
// macula_build_info: always 1; what was built stands in its labels.
[[nodiscard]] prometheus::MetricFamily build_info();
// A family with one value, a counter where its name says so ("_total").
[[nodiscard]] prometheus::MetricFamily single_metric(const std::string& name,
                                                     const std::string& help, double value);

}  // namespace macula::dht::quic
