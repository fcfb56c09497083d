// One figure of a run that runs are compared by, and which way it is better.
//
//   auto gauge = parse_gauge(kit, "lookup.latency_ms(read).p99:2%");  // METRIC[:TOLERANCE]
//   gauge->value_in(result);                                      // 987.7, in ms
//
// A metric of the kit by its statistic, as expectations name it, or `messages`: all that were
// handed over.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "sim/scenario/kit.h"
#include "sim/scenario/result.h"

namespace macula::sim {

enum class Better : std::uint8_t { less, more, neither };

struct Gauge {
  std::string name;       // "lookup.latency_ms(read).p99"
  std::string metric;     // as results name it: "lookup.latency_ms(read)"
  std::string statistic;  // "p99"; of rates "mean"
  std::string unit;       // "rate", "ms", "count", "bytes/s"
  Better better = Better::less;
  double tolerance = 0.01;  // a change by no more than this share counts as none

  // In the unit; nothing where the run has no sample of it.
  [[nodiscard]] std::optional<double> value_in(const RunResult& run) const;
  // Makes it by so much more; nothing happens where the run has no sample of it.
  void shift(RunResult& run, double by) const;
};

// The error says what is wrong, for a person.
[[nodiscard]] tl::expected<Gauge, std::string> parse_gauge(const Kit& kit, std::string_view text);

// The gauges that these runs have among: success of each label, values found, recall, median and
// 99th percentile of the latency of lookups, messages, and bytes of maintenance.
[[nodiscard]] std::vector<Gauge> usual_gauges(const Kit& kit, const std::vector<RunResult>& runs);

}  // namespace macula::sim
