// How operations end, and what their searches did.
#include <cstdint>
#include <optional>

#include "sim/macula/findings.h"
#include "sim/macula/metrics.h"
#include "sim/run/sight.h"

namespace macula::sim {
namespace {

using Sample = std::optional<std::int64_t>;

// ----- how operations end -----

bool succeeded(const Operation& operation) {
  return operation.error.empty();
}

std::int64_t elapsed_of(const Sight& sight) {
  return (sight.world.network().now() - sight.operation->started).count();
}

Sample success_rate(const Sight& sight, const Metric& /*metric*/) {
  return succeeded(*sight.operation) ? 1 : 0;
}

Sample error_rate(const Sight& sight, const Metric& metric) {
  return sight.operation->error == metric.text ? 1 : 0;
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

Sample one(const Sight& /*sight*/, const Metric& /*metric*/) {
  return 1;
}

Sample latency(const Sight& sight, const Metric& /*metric*/) {
  return elapsed_of(sight);
}

Sample call_latency(const Sight& sight, const Metric& /*metric*/) {
  if (sight.operation->verb->name != "call") return std::nullopt;
  return elapsed_of(sight);
}

Sample call_forwards(const Sight& sight, const Metric& /*metric*/) {
  const Findings* found = findings_in(*sight.operation);
  if (found == nullptr || found->forwards == 0) return std::nullopt;
  return found->forwards;
}

// ----- what their searches did -----

// nullptr: nothing was searched for.
const Findings* search_in(const Sight& sight) {
  const Findings* found = findings_in(*sight.operation);
  return found != nullptr && found->search ? found : nullptr;
}

template <auto kField>
Sample of_search(const Sight& sight, const Metric& /*metric*/) {
  const Findings* found = search_in(sight);
  if (found == nullptr) return std::nullopt;
  return (*found->search).*kField;
}

Sample search_latency(const Sight& sight, const Metric& /*metric*/) {
  const Findings* found = search_in(sight);
  if (found == nullptr) return std::nullopt;
  return found->search_elapsed.count();
}

Sample recall(const Sight& sight, const Metric& /*metric*/) {
  const Findings* found = search_in(sight);
  if (found == nullptr || !found->recall_ppm) return std::nullopt;
  return *found->recall_ppm;
}

}  // namespace

std::vector<MetricInfo> operation_metrics() {
  using K = MetricKind;
  using A = MetricArgument;
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
      {.name = "lookup.depth",
       .kind = K::distribution,
       .optional = {A::label},
       .unit = "count",
       .about = "Referrals to the first of the k closest that the lookup heard of; 0 where the "
                "searcher is one of them.",
       .watch = Watch::ended,
       .sample = of_search<&dht::LookupStats::depth>},
      {.name = "lookup.rounds",
       .kind = K::distribution,
       .optional = {A::label},
       .unit = "count",
       .about = "Longest chain of requests, each sent after an earlier answer or failure.",
       .watch = Watch::ended,
       .sample = of_search<&dht::LookupStats::rounds>},
      {.name = "lookup.rpcs",
       .kind = K::distribution,
       .optional = {A::label},
       .unit = "count",
       .about = "Requests that the lookup sent.",
       .watch = Watch::ended,
       .sample = of_search<&dht::LookupStats::rpcs>},
      {.name = "lookup.slow",
       .kind = K::distribution,
       .optional = {A::label},
       .unit = "count",
       .about = "Nodes that were silent for longer than usual, so that others were asked in their "
                "place.",
       .watch = Watch::ended,
       .sample = of_search<&dht::LookupStats::slow>},
      {.name = "lookup.timeouts",
       .kind = K::distribution,
       .optional = {A::label},
       .unit = "count",
       .about = "Requests given up at `query_timeout`; those that a lookup's end cut short do not "
                "count.",
       .watch = Watch::ended,
       .sample = of_search<&dht::LookupStats::timeouts>},
      {.name = "lookup.latency_ms",
       .kind = K::distribution,
       .optional = {A::label},
       .unit = "ms",
       .about = "Time from start to end.",
       .watch = Watch::ended,
       .sample = search_latency},
      {.name = "lookup.recall",
       .kind = K::distribution,
       .optional = {A::label},
       .unit = "rate",
       .about = "Share of the live k closest nodes that the lookup's result holds.",
       .watch = Watch::ended,
       .sample = recall},
      {.name = "call.latency_ms",
       .kind = K::distribution,
       .optional = {A::label},
       .unit = "ms",
       .about = "Time from start to end of calls.",
       .watch = Watch::ended,
       .sample = call_latency},
      {.name = "call.forwards",
       .kind = K::distribution,
       .optional = {A::label},
       .unit = "count",
       .about = "RPC_ROUTE frames that a call with this label set off, the origin's included.",
       .watch = Watch::ended,
       .sample = call_forwards},
  };
}

}  // namespace macula::sim
