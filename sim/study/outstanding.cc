#include "sim/study/outstanding.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <utility>

#include "analysis/outliers.h"

namespace macula::sim {
namespace {

// The value of a node; nothing: it has none.
using Reading = std::function<std::optional<double>(NodeNumber)>;

NodeFigure figure_of(World& world, const char* name, const char* unit, const Reading& value_of) {
  NodeFigure figure;
  figure.name = name;
  figure.unit = unit;
  std::vector<NodeNumber> numbers;
  std::vector<double> values;
  for (NodeNumber node = 0; node < world.size(); ++node) {
    const auto value = value_of(node);
    if (!value) continue;
    numbers.push_back(node);
    values.push_back(*value);
    figure.greatest = std::max(figure.greatest, *value);
  }
  figure.nodes = values.size();
  const Scores scores = robust_scores(values);
  figure.median = scores.median;
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (scores.of[i] != 0) order.push_back(i);
  }
  const std::size_t most = std::min(NodeFigure::kNodes, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(most), order.end(),
                    [&](std::size_t a, std::size_t b) {
                      return std::pair(-std::abs(scores.of[a]), a) <
                             std::pair(-std::abs(scores.of[b]), b);
                    });
  order.resize(most);
  for (const std::size_t i : order) {
    figure.outstanding.push_back({world.name(numbers[i]), values[i], scores.of[i]});
  }
  return figure;
}

}  // namespace

std::vector<NodeFigure> node_figures(World& world, const NodeCounts& counts,
                                     const std::map<std::string, std::uint64_t>& failed) {
  Community& community = world.community();
  const auto live = [&](auto value) {
    return [&world, value](NodeNumber node) -> std::optional<double> {
      if (!world.up(node)) return std::nullopt;
      return value(node);
    };
  };
  const auto number = [](auto value) { return static_cast<double>(value); };
  std::vector<NodeFigure> figures;
  const auto add = [&](const char* name, const char* unit, const Reading& value) {
    NodeFigure figure = figure_of(world, name, unit, value);
    if (figure.nodes > 0) figures.push_back(std::move(figure));
  };
  add("messages handled", "count",
      [&](NodeNumber node) { return number(counts.of(node).handled); });
  add("bytes sent", "bytes",
      [&](NodeNumber node) { return number(world.network().bytes_sent(node)); });
  add("requests of it unanswered", "count",
      [&](NodeNumber node) { return number(counts.of(node).waited); });
  add("requests to it unanswered", "count",
      [&](NodeNumber node) { return number(counts.of(node).silent); });
  add("operations of it that failed", "count", [&](NodeNumber node) {
    const auto known = failed.find(world.name(node));
    return number(known == failed.end() ? 0 : known->second);
  });
  add("contacts at the end", "count", live([&](NodeNumber node) -> std::optional<double> {
        const auto contacts = community.contacts(node);
        if (!contacts) return std::nullopt;
        return number(contacts->size());
      }));
  if (const KeyedView* keyed = community.keyed()) {
    add("values held at the end", "count", live([keyed, number](NodeNumber node) {
          return std::optional(number(keyed->held(node)));
        }));
  }
  return figures;
}

}  // namespace macula::sim
