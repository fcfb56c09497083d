// How the overlay hangs together.
#include <cstdint>
#include <optional>
#include <vector>

#include "analysis/graph/clustering.h"
#include "analysis/graph/components.h"
#include "analysis/graph/cuts.h"
#include "analysis/graph/figures.h"
#include "analysis/graph/paths.h"
#include "sim/run/general_metrics.h"
#include "sim/run/overlay.h"
#include "sim/run/state.h"

namespace macula::sim {
namespace {

// The figure that `read` makes of the overlay; nothing where there is none, or nobody is up.
template <typename Read>
State of_overlay(const StateView& view, Read read) {
  const auto overlay = overlay_of(view.world);
  if (!overlay || overlay->nodes.empty()) return {};
  return read(*overlay);
}

State components(const StateView& view) {
  return of_overlay(
      view, [](const Overlay& overlay) { return counted(weak_components(overlay.live).count); });
}

State strong(const StateView& view) {
  return of_overlay(
      view, [](const Overlay& overlay) { return counted(strong_components(overlay.live).count); });
}

State largest(const StateView& view) {
  return of_overlay(
      view, [](const Overlay& overlay) { return State{weak_components(overlay.live).share()}; });
}

// The degrees of the metric's nodes that are up; without a selector, of all that are.
template <typename Degree>
State degrees(const StateView& view, const Overlay& overlay, Degree degree) {
  std::vector<bool> wanted(view.world.size(), !view.metric.node);
  if (view.metric.node) {
    for (const NodeNumber node : view.select(*view.metric.node)) wanted[node] = true;
  }
  State state;
  for (std::size_t i = 0; i < overlay.nodes.size(); ++i) {
    if (wanted[overlay.nodes[i]]) state.samples.push_back(static_cast<std::int64_t>(degree(i)));
  }
  return state;
}

State in_degree(const StateView& view) {
  return of_overlay(view, [&](const Overlay& overlay) {
    const std::vector<std::uint32_t> all = in_degrees(overlay.live);
    return degrees(view, overlay, [&](std::size_t node) { return all[node]; });
  });
}

State out_degree(const StateView& view) {
  return of_overlay(view, [&](const Overlay& overlay) {
    return degrees(view, overlay, [&](std::size_t node) { return overlay.live.out_degree(node); });
  });
}

// Without a path there is nothing to measure.
std::optional<Paths> paths(const StateView& view, const Overlay& overlay) {
  const Paths found = paths_of(overlay.live, path_targets(drawn_nodes(view.world, overlay)));
  return found.reached == 0 ? std::nullopt : std::optional(found);
}

State diameter(const StateView& view) {
  return of_overlay(view, [&](const Overlay& overlay) {
    const auto found = paths(view, overlay);
    return found ? counted(found->longest) : State();
  });
}

State path_length(const StateView& view) {
  return of_overlay(view, [&](const Overlay& overlay) {
    const auto found = paths(view, overlay);
    return found ? State{found->mean()} : State();
  });
}

State articulation_points(const StateView& view) {
  return of_overlay(view, [](const Overlay& overlay) {
    return counted(cuts_of(undirected(overlay.live)).articulation_points.size());
  });
}

State bridges(const StateView& view) {
  return of_overlay(view, [](const Overlay& overlay) {
    return counted(cuts_of(undirected(overlay.live)).bridges.size());
  });
}

State clustering(const StateView& view) {
  return of_overlay(view, [&](const Overlay& overlay) {
    return State{clustering_of(undirected(overlay.live), drawn_nodes(view.world, overlay)).mean};
  });
}

}  // namespace

std::vector<MetricInfo> overlay_metrics() {
  using K = MetricKind;
  using A = MetricArgument;
  return {
      {.name = "overlay.components",
       .kind = K::state,
       .unit = "count",
       .about = "Parts of the overlay between which no live node knows another, either way.",
       .read = components},
      {.name = "overlay.strong_components",
       .kind = K::state,
       .unit = "count",
       .about = "Parts of the overlay in which each live node reaches each, from contact to "
                "contact.",
       .read = strong},
      {.name = "overlay.largest",
       .kind = K::state,
       .unit = "rate",
       .about = "Share of the live nodes in the largest of `overlay.components`.",
       .read = largest},
      {.name = "overlay.in_degree",
       .kind = K::state_distribution,
       .optional = {A::node},
       .unit = "count",
       .about = "Live nodes that know a node, over those of these nodes that are up.",
       .read = in_degree},
      {.name = "overlay.out_degree",
       .kind = K::state_distribution,
       .optional = {A::node},
       .unit = "count",
       .about = "Live nodes that a node knows, over those of these nodes that are up.",
       .read = out_degree},
      {.name = "overlay.diameter",
       .kind = K::state,
       .unit = "count",
       .about = "Longest of the shortest paths, from contact to contact, between live nodes of "
                "which one reaches the other; of more than 10 000 nodes, to 1 024 of them.",
       .read = diameter},
      {.name = "overlay.path_length",
       .kind = K::state,
       .unit = "count",
       .about = "The mean of these paths.",
       .read = path_length},
      {.name = "overlay.articulation_points",
       .kind = K::state,
       .unit = "count",
       .about = "Live nodes without any of which the overlay has more components.",
       .read = articulation_points},
      {.name = "overlay.bridges",
       .kind = K::state,
       .unit = "count",
       .about = "Pairs of nodes that hold two parts of the overlay together by knowing each other, "
                "either way.",
       .read = bridges},
      {.name = "overlay.clustering",
       .kind = K::state,
       .unit = "rate",
       .about = "Share of the pairs of a node's neighbours, either way, that are neighbours "
                "themselves; the mean over live nodes.",
       .read = clustering},
  };
}

}  // namespace macula::sim
