#include "sim/run/general_metrics.h"

#include <cstdint>
#include <iterator>
#include <optional>

#include "sim/run/sight.h"

namespace macula::sim {
namespace {

using Sample = std::optional<std::int64_t>;
using K = MetricKind;
using A = MetricArgument;

Sample success_rate(const Sight& sight, const Metric& /*metric*/) {
  return sight.operation->error.empty() ? 1 : 0;
}

Sample error_rate(const Sight& sight, const Metric& metric) {
  return sight.operation->error == metric.text ? 1 : 0;
}

Sample one(const Sight& /*sight*/, const Metric& /*metric*/) {
  return 1;
}

Sample latency(const Sight& sight, const Metric& /*metric*/) {
  return (sight.world.network().now() - sight.operation->started).count();
}

Sample messages(const Sight& sight, const Metric& metric) {
  if (metric.message != "any" && metric.message != sight.message) return std::nullopt;
  return 1;
}

}  // namespace

std::vector<MetricInfo> success_metrics() {
  return {
      {.name = "success_rate",
       .kind = K::rate,
       .required = {A::label},
       .unit = "rate",
       .about = "Share of the operations with this label that succeeded.",
       .watch = Watch::ended,
       .sample = success_rate},
      {.name = "error_rate",
       .kind = K::rate,
       .required = {A::label, A::code},
       .unit = "rate",
       .about = "Share of the operations with this label that ended with this error code.",
       .watch = Watch::ended,
       .sample = error_rate},
  };
}

std::vector<MetricInfo> duration_metrics() {
  return {
      {.name = "operations",
       .kind = K::count,
       .required = {A::label},
       .unit = "count",
       .about = "Operations with this label that have ended.",
       .watch = Watch::ended,
       .sample = one},
      {.name = "unfinished",
       .kind = K::count,
       .required = {A::label},
       .unit = "count",
       .about = "Operations with this label that the end of the run cut short, before their own "
                "deadline; no other metric counts them.",
       .watch = Watch::unfinished,
       .sample = one},
      {.name = "latency_ms",
       .kind = K::distribution,
       .required = {A::label},
       .unit = "ms",
       .about = "Time from start to end of the operations with this label.",
       .watch = Watch::ended,
       .sample = latency},
  };
}

std::vector<MetricInfo> message_metrics() {
  return {
      {.name = "messages",
       .kind = K::count,
       .required = {A::message},
       .optional = {A::from, A::to},
       .unit = "count",
       .about = "Messages of this type handed to a node; `any` counts all types.",
       .watch = Watch::handed,
       .sample = messages},
      {.name = "attempts_per_s",
       .kind = K::count,
       .required = {A::node},
       .unit = "count",
       .about = "Most requests and messages sent to these nodes within a second, whether they "
                "arrive or not.",
       .watch = Watch::sent,
       .sample = one,
       .seconds = Seconds::greatest},
  };
}

std::vector<MetricInfo> general_metrics() {
  std::vector<MetricInfo> all;
  for (const auto family : {success_metrics, duration_metrics, message_metrics, overlay_metrics}) {
    std::vector<MetricInfo> rows = family();
    all.insert(all.end(), std::make_move_iterator(rows.begin()),
               std::make_move_iterator(rows.end()));
  }
  return all;
}

}  // namespace macula::sim
