// The contacts that nodes know, and their state.
#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "sim/macula/community.h"
#include "sim/macula/metrics.h"
#include "sim/run/sight.h"
#include "sim/run/state.h"

namespace macula::sim {
namespace {

using Sample = std::optional<std::int64_t>;
constexpr std::uint64_t kMillion = 1'000'000;
constexpr std::uint64_t kMostTimes = 1000;  // of what there is

State peers(const StateView& view) {
  std::size_t fewest = std::numeric_limits<std::size_t>::max();
  for (const NodeNumber node : view.select(*view.metric.node)) {
    fewest =
        std::min(fewest, view.world.up(node) ? macula(view.world).node(node).table().size() : 0);
  }
  return counted(fewest == std::numeric_limits<std::size_t>::max() ? 0 : fewest);
}

// Under whatever address.
bool stands_in(MaculaCommunity& nodes, const dht::RoutingTable& table, dht::ContactRef contact) {
  if (table.contains(contact)) return true;
  if (!nodes.book().has_alias(contact)) return false;
  const auto& entries = table.entries();
  return std::any_of(entries.begin(), entries.end(), [&](dht::ContactRef entry) {
    return nodes.book().has_id(entry, nodes.book().id(contact));
  });
}

State knows(const StateView& view) {
  MaculaCommunity& all = macula(view.world);
  const std::vector<NodeNumber> nodes = view.select(*view.metric.node);
  const std::vector<NodeNumber> others = view.select(*view.metric.to);
  return counted(
      static_cast<std::size_t>(std::count_if(others.begin(), others.end(), [&](NodeNumber other) {
        return std::all_of(nodes.begin(), nodes.end(), [&](NodeNumber node) {
          return all.up(node) && stands_in(all, all.node(node).table(), all.contact(other));
        });
      })));
}

State neighbours(const StateView& view) {
  MaculaCommunity& nodes = macula(view.world);
  double sum = 0;
  std::size_t count = 0;
  for (const NodeNumber node : view.select(*view.metric.node)) {
    if (!nodes.up(node)) continue;
    const auto closest = nodes.directory().closest(
        nodes.book().id(nodes.contact(node)), nodes.protocol(node).k,
        [&](NodeNumber other) { return other != node && nodes.up(other); });
    if (closest.empty()) continue;
    const auto known = std::count_if(closest.begin(), closest.end(), [&](NodeNumber other) {
      return nodes.node(node).table().contains(nodes.contact(other));
    });
    sum += static_cast<double>(known) / static_cast<double>(closest.size());
    ++count;
  }
  return {count == 0 ? 0 : sum / static_cast<double>(count)};
}

State per_endpoint(const StateView& view) {
  MaculaCommunity& nodes = macula(view.world);
  std::size_t most = 0;
  for (const NodeNumber node : view.select(*view.metric.node)) {
    std::map<std::string, std::size_t> seen;
    if (!nodes.up(node)) continue;
    for (const dht::ContactRef contact : nodes.node(node).table().entries()) {
      if (nodes.book().is_relayed(contact)) continue;
      most = std::max(most, ++seen[dht::format_endpoint(nodes.book().endpoint(contact))]);
    }
  }
  return counted(most);
}

State healthy(const StateView& view) {
  MaculaCommunity& all = macula(view.world);
  const std::vector<NodeNumber> nodes = view.select(*view.metric.node);
  const auto healthy = std::count_if(nodes.begin(), nodes.end(), [&](NodeNumber node) {
    return all.up(node) && !all.network().paused(node) && all.node(node).health().healthy;
  });
  return {nodes.empty() ? 0 : static_cast<double>(healthy) / static_cast<double>(nodes.size())};
}

State pending(const StateView& view) {
  MaculaCommunity& nodes = macula(view.world);
  std::size_t pending = 0;
  for (const NodeNumber node : view.select(*view.metric.node)) {
    pending += view.operations.under_way(node) + nodes.network().pending(node);
    if (!nodes.up(node)) continue;
    pending += nodes.node(node).pending();
    if (nodes.node(node).chores_wait()) --pending;
  }
  return counted(pending);
}

State distinct_ids(const StateView& view) {
  MaculaCommunity& nodes = macula(view.world);
  std::set<dht::NodeId> ids;
  view.for_each_live([&](NodeNumber number) {
    ids.insert(nodes.book().id(nodes.contact(number)));
    for (const dht::ContactRef contact : nodes.node(number).table().entries()) {
      ids.insert(nodes.book().id(contact));
    }
  });
  return counted(ids.size());
}

std::size_t dead_entries(MaculaNetwork& network, const dht::RoutingTable& table) {
  const auto& entries = table.entries();
  return static_cast<std::size_t>(
      std::count_if(entries.begin(), entries.end(), [&](dht::ContactRef ref) {
        const NodeNumber node = network.node_of(ref);
        return node == kNoNode || !network.up(node);
      }));
}

State dead_contacts(const StateView& view) {
  MaculaCommunity& nodes = macula(view.world);
  std::size_t dead = 0;
  for (const NodeNumber node : view.select(*view.metric.node)) {
    if (!nodes.up(node)) continue;
    dead += dead_entries(nodes.network(), nodes.node(node).table());
  }
  return counted(dead);
}

// As a share of the live servers that there are.
State estimated_size(const StateView& view) {
  MaculaCommunity& nodes = macula(view.world);
  std::int64_t live = 0;
  view.for_each_live([&](NodeNumber node) { live += nodes.is_client(node) ? 0 : 1; });
  State state;
  for (const NodeNumber node : view.select(*view.metric.node)) {
    if (!nodes.up(node) || live == 0) continue;
    const auto size = nodes.node(node).estimated_size();
    if (!size) continue;
    const auto most = static_cast<std::uint64_t>(live) * kMostTimes;
    state.samples.push_back(static_cast<std::int64_t>(std::min(*size, most) * kMillion) / live);
  }
  return state;
}

// ----- of each live node, at the end -----

Sample table_size(const Sight& sight, const Metric& /*metric*/) {
  if (!sight.world.up(sight.node)) return std::nullopt;
  return static_cast<std::int64_t>(macula(sight.world).node(sight.node).table().entries().size());
}

Sample table_stale(const Sight& sight, const Metric& /*metric*/) {
  if (!sight.world.up(sight.node)) return std::nullopt;
  const auto& entries = macula(sight.world).node(sight.node).table().entries();
  if (entries.empty()) return std::nullopt;
  const std::size_t stale =
      dead_entries(macula(sight.world).network(), macula(sight.world).node(sight.node).table());
  return static_cast<std::int64_t>(stale * kMillion) / static_cast<std::int64_t>(entries.size());
}

}  // namespace

std::vector<MetricInfo> table_metrics() {
  using K = MetricKind;
  using A = MetricArgument;
  return {
      {.name = "peers",
       .kind = K::state,
       .required = {A::node},
       .unit = "count",
       .about = "Fewest contacts in the table of any of these nodes.",
       .read = peers},
      {.name = "knows",
       .kind = K::state,
       .required = {A::node, A::to},
       .unit = "count",
       .about = "How many of the nodes `to` stand in the table of every one of these nodes.",
       .read = knows},
      {.name = "neighbours",
       .kind = K::state,
       .required = {A::node},
       .unit = "rate",
       .about = "Share of the live k closest to each of these live nodes that its table holds; the "
                "mean.",
       .read = neighbours},
      {.name = "per_endpoint",
       .kind = K::state,
       .required = {A::node},
       .unit = "count",
       .about =
           "Most contacts of one endpoint, reached directly, in the table of any of these nodes.",
       .read = per_endpoint},
      {.name = "healthy",
       .kind = K::state,
       .required = {A::node},
       .unit = "rate",
       .about = "Share of these nodes that are up and report themselves healthy.",
       .read = healthy},
      {.name = "pending",
       .kind = K::state,
       .required = {A::node},
       .unit = "count",
       .about = "Operations, requests and timers that these nodes still wait for, but for the "
                "timer of maintenance.",
       .read = pending},
      {.name = "distinct_ids",
       .kind = K::state,
       .unit = "count",
       .about = "Different ids that stand in any table or belong to any node.",
       .read = distinct_ids},
      {.name = "dead_contacts",
       .kind = K::state,
       .required = {A::node},
       .unit = "count",
       .about = "Contacts in the tables of these nodes that are down, or are nobody any more.",
       .read = dead_contacts},
      {.name = "size.estimate",
       .kind = K::state_distribution,
       .required = {A::node},
       .unit = "rate",
       .about =
           "Of these nodes that are up, and have made an estimate: how many nodes there are by "
           "it, as a share of the live servers.",
       .read = estimated_size},
      {.name = "table.size",
       .kind = K::distribution,
       .unit = "count",
       .about = "Contacts in a table, over live nodes, at the end.",
       .watch = Watch::member,
       .sample = table_size},
      {.name = "table.stale",
       .kind = K::distribution,
       .unit = "rate",
       .about = "Share of a table's contacts that are dead, over live nodes, at the end.",
       .watch = Watch::member,
       .sample = table_stale},
  };
}

}  // namespace macula::sim
