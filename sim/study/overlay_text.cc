#include "sim/study/overlay_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include "base/text/printable.h"
#include "base/text/units.h"
#include "sim/study/quantity.h"

namespace macula::sim {
namespace {

constexpr std::size_t kItemsNamed = 5;

// Two columns.
class Rows {
 public:
  void add(std::string_view what, std::string_view text) {
    rows_.emplace_back(printable(what, Lines::one), printable(text, Lines::one));
  }
  [[nodiscard]] std::vector<std::string> lines(std::string head) const {
    std::size_t width = 0;
    for (const auto& [what, text] : rows_) width = std::max(width, what.size());
    std::vector<std::string> lines{std::move(head)};
    for (const auto& [what, text] : rows_) {
      lines.push_back(fmt::format("  {:<{}}  {}", what, width, text));
    }
    return lines;
  }

 private:
  std::vector<std::pair<std::string, std::string>> rows_;
};

// "3: a, b, c"; of many the first few.
template <typename Item, typename Name>
std::string listed(const std::vector<Item>& items, Name name) {
  std::string text = grouped(items.size());
  for (std::size_t i = 0; i < std::min(items.size(), kItemsNamed); ++i) {
    text += (i == 0 ? ": " : ", ") + name(items[i]);
  }
  if (items.size() > kItemsNamed) text += ", ..";
  return text;
}

std::string components_text(const Components& components) {
  if (components.nodes == 0) return "0";
  return fmt::format("{}, the largest has {} ({})", grouped(components.count),
                     counted(components.largest, "node"), short_text(components.share(), "rate"));
}

void add_paths(const GraphFigures& figures, Rows& lines) {
  const Paths& paths = figures.paths;
  const bool exact = figures.path_targets == figures.nodes;
  if (paths.reached == 0) {
    lines.add("paths", "none");
    return;
  }
  lines.add("diameter", fmt::format("{}{}", exact ? "" : "at least ", paths.longest));
  lines.add(
      "mean path",
      fmt::format(
          "{}, between {} of the pairs{}", short_text(paths.mean(), "count"),
          short_text(static_cast<double>(paths.reached) / static_cast<double>(paths.pairs), "rate"),
          exact ? "" : fmt::format("; sampled: paths to {} nodes", grouped(figures.path_targets))));
}

std::string removal_text(const Removal& removal) {
  return fmt::format("{} gone, {} left: {}", counted(removal.gone, "node"),
                     grouped(removal.left.nodes), components_text(removal.left));
}

}  // namespace

std::vector<std::string> overlay_lines(const OverlaySnapshot& snapshot) {
  const GraphFigures& figures = snapshot.figures;
  Rows lines;
  lines.add("nodes", fmt::format("{}; {} down", grouped(figures.nodes),
                                 grouped(snapshot.nodes.size() - figures.nodes)));
  lines.add("edges", fmt::format("{}; {} more to nodes that are down", grouped(figures.edges),
                                 grouped(snapshot.overlay.all.edges() - figures.edges)));
  lines.add("weak components", components_text(figures.weak));
  lines.add("strong components", components_text(figures.strong));
  add_paths(figures, lines);
  const InDegrees& degrees = figures.in_degrees;
  lines.add("in-degree", fmt::format("min {}, p50 {}, p99 {}, max {}", degrees.min, degrees.p50,
                                     degrees.p99, degrees.max));
  lines.add("most known", fmt::format("{}", [&] {
              std::string text;
              for (const Graph::Node node : degrees.most) {
                text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", snapshot.name(node),
                                    degrees.of[node]);
              }
              return text;
            }()));
  lines.add("articulation points", listed(figures.cuts.articulation_points,
                                          [&](Graph::Node node) { return snapshot.name(node); }));
  lines.add("bridges", listed(figures.cuts.bridges, [&](const auto& bridge) {
              return fmt::format("{} - {}", snapshot.name(bridge.first),
                                 snapshot.name(bridge.second));
            }));
  lines.add("clustering",
            short_text(figures.clustering.mean, "rate") +
                (figures.clustering.nodes == figures.nodes
                     ? ""
                     : fmt::format("; sampled: {} nodes", grouped(figures.clustering.nodes))));
  for (const Removal& removal : figures.removals) {
    lines.add(removal.region.empty()
                  ? fmt::format("without the top {}", short_text(removal.share, "rate"))
                  : fmt::format("without region {}", removal.region),
              removal_text(removal));
  }
  return lines.lines(fmt::format("{}, seed {}, at {}", printable(snapshot.scenario, Lines::one),
                                 snapshot.seed, describe_duration(snapshot.at)));
}

}  // namespace macula::sim
