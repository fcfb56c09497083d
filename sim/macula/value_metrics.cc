// The values that operations return.
#include <cstdint>
#include <optional>

#include "sim/macula/findings.h"
#include "sim/macula/metrics.h"
#include "sim/run/sight.h"

namespace macula::sim {
namespace {

using Sample = std::optional<std::int64_t>;

bool succeeded(const Operation& operation) {
  return operation.error.empty();
}

Sample answered(const Sight& sight, const Metric& metric) {
  return succeeded(*sight.operation) && sight.operation->answer == metric.text ? 1 : 0;
}

Sample correct_rate(const Sight& sight, const Metric& /*metric*/) {
  if (!sight.operation->correct) return std::nullopt;
  return *sight.operation->correct ? 1 : 0;
}

Sample value_found(const Sight& sight, const Metric& /*metric*/) {
  if (!sight.operation->correct) return std::nullopt;
  return succeeded(*sight.operation) ? 1 : 0;
}

Sample value_stale(const Sight& sight, const Metric& /*metric*/) {
  if (!sight.operation->correct) return std::nullopt;
  const Findings* found = findings_in(*sight.operation);
  return found != nullptr && found->stale.value_or(false) ? 1 : 0;
}

}  // namespace

std::vector<MetricInfo> value_metrics() {
  using K = MetricKind;
  using A = MetricArgument;
  return {
      {.name = "answered",
       .kind = K::rate,
       .required = {A::label, A::text},
       .unit = "rate",
       .about = "Share of the calls or finds with this label whose answer is exactly this text.",
       .watch = Watch::ended,
       .sample = answered},
      {.name = "correct_rate",
       .kind = K::rate,
       .required = {A::label},
       .unit = "rate",
       .about = "Share of the finds and discoveries with this label that returned exactly what "
                "live steps stored under the key: what counted while they lasted, or had not yet "
                "been replaced at all holders.",
       .watch = Watch::ended,
       .sample = correct_rate},
      {.name = "value.found",
       .kind = K::rate,
       .optional = {A::label},
       .unit = "rate",
       .about = "Share of the finds that found a value.",
       .watch = Watch::ended,
       .sample = value_found},
      {.name = "value.stale",
       .kind = K::rate,
       .optional = {A::label},
       .unit = "rate",
       .about = "Share of the finds and discoveries that returned what had been replaced or "
                "withdrawn before they began.",
       .watch = Watch::ended,
       .sample = value_stale},
  };
}

}  // namespace macula::sim
