#include "analysis/graph/figures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>
#include <numeric>
#include <utility>

#include "analysis/samples.h"

namespace macula {
namespace {

constexpr std::array<double, 3> kShares{0.01, 0.05, 0.1};

// The highest in-degree first; of equal ones the lower number.
std::vector<Graph::Node> by_in_degree(const std::vector<std::uint32_t>& degrees) {
  std::vector<Graph::Node> nodes(degrees.size());
  std::iota(nodes.begin(), nodes.end(), Graph::Node{0});
  std::stable_sort(nodes.begin(), nodes.end(),
                   [&](Graph::Node a, Graph::Node b) { return degrees[a] > degrees[b]; });
  return nodes;
}

InDegrees summarised(std::vector<std::uint32_t> degrees, const std::vector<Graph::Node>& ranked) {
  InDegrees summary;
  Samples samples;
  for (const std::uint32_t degree : degrees) samples.add(degree);
  if (!samples.empty()) {
    summary.min = static_cast<std::uint32_t>(samples.min());
    summary.p50 = static_cast<std::uint32_t>(samples.percentile(500'000));
    summary.p99 = static_cast<std::uint32_t>(samples.percentile(990'000));
    summary.max = static_cast<std::uint32_t>(samples.max());
  }
  const auto most = static_cast<std::ptrdiff_t>(std::min(kMostKnown, ranked.size()));
  summary.most.assign(ranked.begin(), ranked.begin() + most);
  summary.of = std::move(degrees);
  return summary;
}

Removal without_top(const Graph& graph, const std::vector<Graph::Node>& ranked, double share) {
  Removal removal;
  removal.share = share;
  removal.gone = static_cast<std::size_t>(std::ceil(static_cast<double>(ranked.size()) * share));
  std::vector<bool> gone(graph.nodes());
  for (std::size_t i = 0; i < removal.gone; ++i) gone[ranked[i]] = true;
  removal.left = weak_components(graph, gone);
  return removal;
}

Removal without_region(const Graph& graph, const std::vector<std::string>& regions,
                       const std::string& region) {
  Removal removal;
  removal.region = region;
  std::vector<bool> gone(graph.nodes());
  for (std::size_t node = 0; node < graph.nodes(); ++node) gone[node] = regions[node] == region;
  removal.gone = static_cast<std::size_t>(std::count(gone.begin(), gone.end(), true));
  removal.left = weak_components(graph, gone);
  return removal;
}

// The largest first; of equal ones by name.
std::vector<std::string> by_size(const std::vector<std::string>& regions) {
  std::map<std::string, std::size_t> sizes;
  for (const std::string& region : regions) {
    if (!region.empty()) ++sizes[region];
  }
  std::vector<std::pair<std::string, std::size_t>> ranked(sizes.begin(), sizes.end());
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::vector<std::string> names;
  names.reserve(ranked.size());
  for (auto& [name, size] : ranked) names.push_back(std::move(name));
  return names;
}

}  // namespace

std::vector<Graph::Node> path_targets(const std::vector<Graph::Node>& drawn) {
  if (drawn.size() <= kExactNodes) return drawn;
  return {drawn.begin(), drawn.begin() + std::ptrdiff_t{kPathTargets}};
}

GraphFigures figures_of(const Graph& graph, const std::vector<Graph::Node>& drawn,
                        const std::vector<std::string>& regions) {
  GraphFigures figures;
  figures.nodes = graph.nodes();
  figures.edges = graph.edges();
  figures.weak = weak_components(graph);
  figures.strong = strong_components(graph);
  const std::vector<Graph::Node> targets = path_targets(drawn);
  figures.path_targets = targets.size();
  figures.paths = paths_of(graph, targets);
  {
    const Graph both = undirected(graph);
    figures.cuts = cuts_of(both);
    figures.clustering = clustering_of(both, drawn);
  }
  std::vector<std::uint32_t> degrees = in_degrees(graph);
  const std::vector<Graph::Node> ranked = by_in_degree(degrees);
  figures.in_degrees = summarised(std::move(degrees), ranked);
  if (graph.nodes() == 0) return figures;
  for (const double share : kShares) {
    figures.removals.push_back(without_top(graph, ranked, share));
  }
  const std::vector<std::string> names = by_size(regions);
  for (std::size_t i = 0; i < std::min(names.size(), kMostRegions); ++i) {
    figures.removals.push_back(without_region(graph, regions, names[i]));
  }
  return figures;
}

}  // namespace macula
