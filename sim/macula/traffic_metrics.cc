// The messages that nodes send, and those that arrive.
#include <algorithm>
#include <cstdint>
#include <optional>

#include "sim/macula/community.h"
#include "sim/macula/metrics.h"
#include "sim/run/sight.h"

namespace macula::sim {
namespace {

using Sample = std::optional<std::int64_t>;

Sample hop_count(const Sight& sight, const Metric& /*metric*/) {
  const dht::wire::RpcRoute* route =
      sent_route(macula(sight.world), sight.from, message_of(sight).content);
  if (route == nullptr || call_in(*route) == nullptr) return std::nullopt;
  return route->hop_count;
}

Sample relay_hops(const Sight& sight, const Metric& /*metric*/) {
  if (!message_of(sight).passed_on) return std::nullopt;
  return 1;
}

Sample one(const Sight& /*sight*/, const Metric& /*metric*/) {
  return 1;
}

Sample chore_bytes(const Sight& sight, const Metric& /*metric*/) {
  return static_cast<std::int64_t>(sight.bytes);
}

// Over the time of the run so far.
std::int64_t per_second(const Sight& sight, std::uint64_t bytes) {
  const std::int64_t elapsed_ms = std::max<std::int64_t>(to_ns(sight.time) / 1'000'000, 1);
  return static_cast<std::int64_t>(bytes) * 1000 / elapsed_ms;
}

Sample bytes_per_s(const Sight& sight, const Metric& /*metric*/) {
  return per_second(sight, sight.world.network().bytes_sent(sight.node));
}

Sample maintenance_bytes_per_s(const Sight& sight, const Metric& /*metric*/) {
  return per_second(sight, macula(sight.world).maintenance_bytes(sight.node));
}

}  // namespace

std::vector<MetricInfo> route_metrics() {
  using K = MetricKind;
  using A = MetricArgument;
  return {
      {.name = "route.hop_count",
       .kind = K::distribution,
       .optional = {A::from},
       .unit = "count",
       .about = "Hop counts of the RPC_ROUTE calls sent, by the nodes of `from`.",
       .watch = Watch::sent,
       .sample = hop_count},
      {.name = "relay.hops",
       .kind = K::distribution,
       .unit = "count",
       .about = "One sample, 1, for each request or message that a gateway passed on.",
       .watch = Watch::handed,
       .sample = relay_hops},
  };
}

std::vector<MetricInfo> traffic_metrics() {
  using K = MetricKind;
  using A = MetricArgument;
  return {
      {.name = "maintenance.peak",
       .kind = K::count,
       .unit = "count",
       .about = "What the maintenance of all nodes sent in the busiest second, over the mean of "
                "all seconds.",
       .watch = Watch::chore,
       .sample = chore_bytes,
       .seconds = Seconds::greatest_over_mean},
      {.name = "served",
       .kind = K::count,
       .required = {A::node},
       .unit = "count",
       .about = "Calls that reached a handler on these nodes.",
       .watch = Watch::served,
       .sample = one},
      {.name = "node.bytes_per_s",
       .kind = K::distribution,
       .unit = "bytes/s",
       .about = "Bytes of frames sent per second of virtual time, over nodes.",
       .watch = Watch::member,
       .sample = bytes_per_s},
      {.name = "node.maintenance_bytes_per_s",
       .kind = K::distribution,
       .unit = "bytes/s",
       .about = "Bytes of frames that maintenance sent per second of virtual time, over nodes.",
       .watch = Watch::member,
       .sample = maintenance_bytes_per_s},
  };
}

}  // namespace macula::sim
