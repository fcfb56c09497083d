// The records that nodes hold for each other.
#include <algorithm>
#include <cstdint>
#include <optional>

#include "sim/macula/community.h"
#include "sim/macula/metrics.h"
#include "sim/run/sight.h"
#include "sim/run/state.h"

namespace macula::sim {
namespace {

dht::Key key_of(const StateView& view) {
  return dht::normalize(view.metric.key);
}

// With the number and the node.
template <typename Visit>
void for_each_live(const StateView& view, Visit visit) {
  view.for_each_live([&](NodeNumber number) { visit(number, macula(view.world).node(number)); });
}

State holders(const StateView& view) {
  State state;
  const dht::Key key = key_of(view);
  for_each_live(view, [&](NodeNumber number, const dht::Node& node) {
    if (node.records().holds(key, view.world.network().now())) {
      state.nodes.push_back(view.world.name(number));
    }
  });
  state.value = static_cast<double>(state.nodes.size());
  return state;
}

State copies(const StateView& view) {
  std::size_t copies = 0;
  const dht::Key key = key_of(view);
  for_each_live(view, [&](NodeNumber, const dht::Node& node) {
    copies += node.storage().copies().serves(key, view.world.network().now()) ? 1U : 0U;
  });
  return counted(copies);
}

State stored(const StateView& view) {
  std::size_t stored = 0;
  const dht::Key key = key_of(view);
  for_each_live(view, [&](NodeNumber, const dht::Node& node) {
    stored += node.records().find(key) != nullptr ? 1U : 0U;
  });
  return counted(stored);
}

State refused(const StateView& view) {
  std::uint64_t refused = 0;
  for (const NodeNumber node : view.select(*view.metric.node)) {
    if (view.world.up(node)) refused += macula(view.world).node(node).records().refused();
  }
  return counted(refused);
}

State providers(const StateView& view) {
  std::size_t longest = 0;
  const dht::Key key = key_of(view);
  for_each_live(view, [&](NodeNumber, const dht::Node& node) {
    longest = std::max(longest, node.records().values(key, view.world.network().now()).size());
  });
  return counted(longest);
}

State placed(const StateView& view) {
  return {macula(view.world).records().placed_of(key_of(view))};
}

State all_placed(const StateView& view) {
  return {macula(view.world).records().placed(view.metric.label)};
}

State all_holders(const StateView& view) {
  State state;
  for (const std::size_t holders : macula(view.world).records().holders(view.metric.label)) {
    state.samples.push_back(static_cast<std::int64_t>(holders));
  }
  return state;
}

State lost(const StateView& view) {
  return {macula(view.world).records().lost(view.metric.label)};
}

// In which these nodes have published again within the last interval.
State region_sizes(const StateView& view) {
  State state;
  for (const NodeNumber node : view.select(*view.metric.node)) {
    if (!view.world.up(node)) continue;
    const dht::RegionWalker* regions = macula(view.world).node(node).regions();
    if (regions == nullptr) continue;
    for (const auto& walked : regions->walked()) {
      state.samples.push_back(static_cast<std::int64_t>(walked.nodes));
    }
  }
  return state;
}

State zombies(const StateView& view) {
  return counted(macula(view.world).records().zombies(view.metric.label));
}

std::optional<std::int64_t> lost_by(const Sight& sight, const Metric& metric) {
  if (metric.age != sight.age) return std::nullopt;
  return sight.lost ? 1 : 0;
}

}  // namespace

std::vector<MetricInfo> record_metrics() {
  using K = MetricKind;
  using A = MetricArgument;
  return {
      {.name = "holders",
       .kind = K::state,
       .required = {A::key},
       .unit = "count",
       .about = "Live nodes whose store holds the key.",
       .read = holders,
       .names_nodes = true},
      {.name = "copies",
       .kind = K::state,
       .required = {A::key},
       .unit = "count",
       .about = "Live nodes, none of its holders, that serve a copy of the key left by a finder.",
       .read = copies},
      {.name = "stored",
       .kind = K::state,
       .required = {A::key},
       .unit = "count",
       .about = "Live nodes that keep anything under the key, though it has ended or is withdrawn.",
       .read = stored},
      {.name = "refused",
       .kind = K::state,
       .required = {A::node},
       .unit = "count",
       .about = "Records that the stores of these nodes did not take for their limits.",
       .read = refused},
      {.name = "providers",
       .kind = K::state,
       .required = {A::key},
       .unit = "count",
       .about = "Length of the longest list of providers that a live node holds for the key.",
       .read = providers},
      {.name = "placed",
       .kind = K::state,
       .required = {A::key},
       .unit = "rate",
       .about = "Share of the live k closest nodes to the key that hold it.",
       .read = placed},
      {.name = "record.placed",
       .kind = K::state,
       .optional = {A::label},
       .unit = "rate",
       .about =
           "The same, over the stored records whose TTL has not passed; k is that of [protocol].",
       .read = all_placed},
      {.name = "record.holders",
       .kind = K::state_distribution,
       .optional = {A::label},
       .unit = "count",
       .about = "Live nodes that hold a stored record whose TTL has not passed.",
       .read = all_holders},
      {.name = "record.lost",
       .kind = K::state,
       .optional = {A::label},
       .unit = "rate",
       .about =
           "Share of the stored records that no live node holds, though their TTL has not passed.",
       .read = lost},
      {.name = "record.lost_by",
       .kind = K::rate,
       .required = {A::label, A::age},
       .unit = "rate",
       .about = "Share of the stored records that no live node held at this age.",
       .watch = Watch::aged,
       .sample = lost_by},
      {.name = "region.nodes",
       .kind = K::state_distribution,
       .required = {A::node},
       .unit = "count",
       .about = "Nodes in each region of the ids in which these nodes have published their records "
                "again within the last `republish_interval` (`republish_regions`).",
       .read = region_sizes},
      {.name = "record.zombies",
       .kind = K::state,
       .optional = {A::label},
       .unit = "count",
       .about = "Copies that live nodes serve of stored records whose TTL has passed since they "
                "were last published, or that are withdrawn.",
       .read = zombies},
  };
}

}  // namespace macula::sim
