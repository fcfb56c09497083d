// The parts of a scenario that have no effect: a warning each.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "sim/file/metric_parse.h"
#include "sim/file/parse_sections.h"
#include "sim/scenario/placeholder.h"

namespace macula::sim {
namespace {

constexpr std::size_t kPairsShown = 8;
constexpr std::size_t kPairsCounted = 1000;

class Finder {
 public:
  Finder(const DocumentValue& root, const Scenario& scenario, Problems& problems)
      : root_(root), scenario_(scenario), problems_(problems) {}

  void find_all() {
    for (const std::string_view list : {"node", "group"}) read_tables(list);
    find_links();
    for (const Population& population : scenario_.populations) find_keys_of(population);
    find_regions();
    find_modes();
    find_labels();
    find_bounds();
  }

 private:
  void read_tables(std::string_view list) {
    const DocumentValue* tables = find(root_, list);
    if (tables == nullptr) return;
    for (const DocumentValue& table : tables->items) tables_[find(table, "name")->text] = &table;
  }

  void find_links() {
    const DocumentValue* links = find(root_, "link");
    if (links == nullptr) return;
    std::set<std::string_view> used;
    for (const Population& population : scenario_.populations) used.insert(population.link);
    for (const DocumentMember& link : links->members) {
      if (used.count(link.key) != 0) continue;
      const std::string message = fmt::format(
          "no node has the link `{0}`: write `link = \"{0}\"` in a [[node]] or [[group]]",
          link.key);
      problems_.warn(link, message);
    }
  }

  void find_keys_of(const Population& population) {
    const DocumentValue& table = *tables_.at(population.name);
    // `reach = "direct"`, where it is written, sets the relays aside on purpose.
    const DocumentValue* reach = find(*find(root_, "scenario"), "reach");
    const bool aside = reach != nullptr && reach->origin != "default";
    if (!population.relay.empty() && scenario_.reach != Reach::relay && !aside) {
      problems_.warn(*find(table, "relay"),
                     "`relay` has no effect: write `reach = \"relay\"` in [scenario], or `reach = "
                     "\"direct\"` to set it aside");
    }
    if (!population.region.empty() && scenario_.links.matrix.empty()) {
      problems_.warn(*find(table, "region"), "`region` has no effect: [latency] has no `matrix`");
    }
  }

  // Pairs of regions with nodes on both sides that no row covers: `default` holds there.
  void find_regions() {
    if (scenario_.links.matrix.empty()) return;
    std::map<std::string, std::uint64_t> nodes;
    for (const Population& population : scenario_.populations) {
      if (!population.region.empty()) nodes[population.region] += size_of(population);
    }
    const DocumentValue& matrix = *find(*find(root_, "latency"), "matrix");
    if (nodes.empty()) {
      problems_.warn(matrix, "`matrix` has no effect: no node has a `region`");
      return;
    }
    std::set<std::pair<std::string_view, std::string_view>> rows;
    for (const RegionLink& row : scenario_.links.matrix) rows.emplace(row.from, row.to);
    std::size_t missing = 0;
    std::string shown;
    for (auto a = nodes.begin(); a != nodes.end() && missing < kPairsCounted; ++a) {
      for (auto b = a; b != nodes.end() && missing < kPairsCounted; ++b) {
        if ((a == b && a->second < 2) || rows.count({a->first, b->first}) != 0) continue;
        if (++missing > kPairsShown) continue;
        shown += fmt::format("{}{} to {}", shown.empty() ? "" : ", ", a->first, b->first);
      }
    }
    if (missing == 0) return;
    if (missing > kPairsShown) {
      shown += fmt::format(" and {} more", missing == kPairsCounted
                                               ? std::string("many")
                                               : std::to_string(missing - kPairsShown));
    }
    problems_.warn(matrix,
                   fmt::format("the matrix has no row for {}: `default` holds there", shown));
  }

  void find_modes() {
    const DocumentValue& table = *find(root_, "scenario");
    if (scenario_.chunks == Chunks::random && scenario_.wire == WireMode::typed) {
      problems_.warn(*find(table, "chunks"),
                     "`chunks` has no effect: only `wire = \"encoded\"` makes byte streams");
    }
    const bool relayed =
        std::any_of(scenario_.populations.begin(), scenario_.populations.end(),
                    [](const Population& population) { return !population.relay.empty(); });
    if (scenario_.reach == Reach::relay && !relayed) {
      problems_.warn(*find(table, "reach"),
                     "`reach = \"relay\"` has no effect: no node has a `relay`");
    }
  }

  // Finds bounds that no run could break.
  void find_bounds() {
    const DocumentValue* list = find(root_, "expect");
    if (list == nullptr) return;
    for (std::size_t i = 0; i < scenario_.expectations.size(); ++i) {
      const Expectation& expectation = scenario_.expectations[i];
      if (unit_of(expectation.metric) != "rate") continue;
      const bool low = expectation.low <= 0 && expectation.comparison == Comparison::at_least;
      const bool high = expectation.high >= 1 && expectation.comparison == Comparison::at_most;
      const bool both = expectation.comparison == Comparison::between && expectation.low <= 0 &&
                        expectation.high >= 1;
      if (!low && !high && !both) continue;
      problems_.warn(list->items[i], fmt::format("`{}` holds whatever happens: a rate lies between "
                                                 "0 % and 100 %",
                                                 expectation.name));
    }
  }

  void find_labels() {
    const DocumentValue* steps = find(root_, "at");
    if (steps == nullptr) return;
    std::set<std::string> spoken_of;
    for (const Expectation& expectation : scenario_.expectations) {
      spoken_of.insert(expectation.metric.label);
    }
    std::set<std::string> seen;
    for (std::size_t i = 0; i < scenario_.steps.size(); ++i) {
      const std::string& label = scenario_.steps[i].label;
      if (label.empty() || !seen.insert(label).second || spoken_of.count(label) != 0) continue;
      const bool series = label.find(kNumberPlaceholder) != std::string::npos;
      if (series && std::any_of(spoken_of.begin(), spoken_of.end(), [&](const std::string& wanted) {
            return label_matches(label, wanted);
          })) {
        continue;
      }
      problems_.warn(label_of(steps->items[i], label),
                     fmt::format("no expectation speaks of the label `{}`", label));
    }
  }

  static const DocumentValue& label_of(const DocumentValue& step, std::string_view label) {
    if (const DocumentValue* beside = find(step, "label");
        beside != nullptr && beside->text == label) {
      return *beside;
    }
    for (const DocumentMember& member : step.members) {
      if (member.value.kind != DocumentValue::Kind::table) continue;
      if (const DocumentValue* inside = find(member.value, "label")) return *inside;
    }
    return step;
  }

  const DocumentValue& root_;
  const Scenario& scenario_;
  Problems& problems_;
  std::map<std::string, const DocumentValue*> tables_;  // of nodes and groups, by name
};

}  // namespace

void find_unused(const DocumentValue& root, const Scenario& scenario, Problems& problems) {
  Finder(root, scenario, problems).find_all();
}

}  // namespace macula::sim
