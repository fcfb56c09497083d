#include "sim/scenario/metric.h"

namespace macula::sim {

const std::vector<MetricInfo>& metric_catalogue() {
  using K = MetricKind;
  using A = MetricArgument;
  static const std::vector<MetricInfo> catalogue = {
      {"success_rate", K::rate, {A::label}, {}, "rate",
       "Share of the operations with this label that succeeded."},
      {"error_rate", K::rate, {A::label, A::text}, {}, "rate",
       "Share of the operations with this label that ended with this error code."},
      {"answered", K::rate, {A::label, A::text}, {}, "rate",
       "Share of the calls or finds with this label whose answer is exactly this text."},
      {"correct_rate", K::rate, {A::label}, {}, "rate",
       "Share of the finds and discoveries with this label that returned exactly what live steps "
       "stored under the key."},
      {"value.found", K::rate, {}, {A::label}, "rate", "Share of the finds that found a value."},
      {"operations", K::count, {A::label}, {}, "count",
       "Operations with this label that have ended."},
      {"latency_ms", K::distribution, {A::label}, {}, "ms",
       "Time from start to end of the operations with this label."},
      {"lookup.depth", K::distribution, {}, {A::label}, "count",
       "Referrals to the first of the k closest that the lookup heard of; 0 where the searcher is one "
       "of them."},
      {"lookup.rounds", K::distribution, {}, {A::label}, "count",
       "Longest chain of requests, each sent after an earlier answer or failure."},
      {"lookup.rpcs", K::distribution, {}, {A::label}, "count", "Requests that the lookup sent."},
      {"lookup.latency_ms", K::distribution, {}, {A::label}, "ms", "Time from start to end."},
      {"lookup.recall", K::distribution, {}, {A::label}, "rate",
       "Share of the live k closest nodes that the lookup's result holds."},
      {"call.latency_ms", K::distribution, {}, {A::label}, "ms", "Time from start to end of calls."},
      {"call.forwards", K::distribution, {}, {A::label}, "count",
       "RPC_ROUTE frames that a call with this label set off, the origin's included."},
      {"route.hop_count", K::distribution, {}, {A::from}, "count",
       "Hop counts of the RPC_ROUTE calls sent, by the nodes of `from`."},
      {"relay.hops", K::distribution, {}, {}, "count",
       "One sample, 1, for each request or message that a gateway passed on."},
      {"messages", K::count, {A::message}, {A::from, A::to}, "count",
       "Messages of this type handed to a node; `any` counts all types."},
      {"served", K::count, {A::node}, {}, "count", "Calls that reached a handler on these nodes."},
      {"holders", K::state, {A::key}, {}, "count", "Live nodes whose store holds the key."},
      {"providers", K::state, {A::key}, {}, "count",
       "Length of the longest list of providers that a live node holds for the key."},
      {"peers", K::state, {A::node}, {}, "count",
       "Fewest contacts in the table of any of these nodes."},
      {"knows", K::state, {A::node, A::to}, {}, "count",
       "How many of the nodes `to` stand in the table of every one of these nodes."},
      {"healthy", K::state, {A::node}, {}, "rate",
       "Share of these nodes that are up and report themselves healthy."},
      {"pending", K::state, {A::node}, {}, "count",
       "Operations, requests and timers that these nodes still wait for."},
      {"distinct_ids", K::state, {}, {}, "count",
       "Different ids that stand in any table or belong to any node."},
      {"node.bytes_per_s", K::distribution, {}, {}, "bytes/s",
       "Bytes of frames sent per second of virtual time, over nodes."},
      {"table.size", K::distribution, {}, {}, "count", "Contacts in a table, over live nodes, at the end."},
      {"table.stale", K::distribution, {}, {}, "rate",
       "Share of a table's contacts that are dead, over live nodes, at the end."},
  };
  return catalogue;
}

}  // namespace macula::sim
