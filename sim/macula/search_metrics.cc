// The searches of operations, and their calls.
#include <cstdint>
#include <optional>

#include "sim/macula/findings.h"
#include "sim/macula/metrics.h"
#include "sim/run/sight.h"

namespace macula::sim {
namespace {

using Sample = std::optional<std::int64_t>;

std::int64_t elapsed_of(const Sight& sight) {
  return (sight.world.network().now() - sight.operation->started).count();
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

std::vector<MetricInfo> search_metrics() {
  using K = MetricKind;
  using A = MetricArgument;
  return {
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
