#include "sim/report/sweep_page.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "sim/study/gauge.h"

namespace macula::sim {
namespace {

using Points = std::vector<const Group*>;

// The value of a key; the last one counts.
std::optional<std::string> setting(const Group& group, const std::string& key) {
  std::optional<std::string> value;
  for (const auto& [name, text] : group.overrides) {
    if (name == key) value = text;
  }
  return value;
}

// The keys that are not the same at all points, in the order in which they were given.
std::vector<std::string> keys_of(const Points& points) {
  std::vector<std::string> keys;
  for (const Group* group : points) {
    for (const auto& [key, value] : group->overrides) {
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
    }
  }
  std::erase_if(keys, [&](const std::string& key) {
    return std::all_of(points.begin(), points.end(), [&](const Group* group) {
      return setting(*group, key) == setting(*points.front(), key);
    });
  });
  return keys;
}

// The gauges by which points are compared: the usual ones first, then the mean of all else.
std::vector<Gauge> gauges_of(const Kit& kit, const Points& points, std::size_t most) {
  std::vector<Gauge> gauges;
  std::set<std::string> names;
  const auto add = [&](Gauge gauge) {
    if (gauges.size() < most && names.insert(gauge.name).second) gauges.push_back(std::move(gauge));
  };
  for (Gauge& gauge : usual_gauges(kit, points.front()->runs)) add(std::move(gauge));
  for (const Group* group : points) {
    for (const auto& [metric, summary] : group->runs.front().metrics) {
      auto gauge = parse_gauge(kit, unit_of(kit, metric) == "rate" ? metric : metric + ".mean");
      if (!gauge) gauge = parse_gauge(kit, metric + ".mean");
      if (gauge) add(std::move(*gauge));
    }
  }
  return gauges;
}

PageJson figure(const Group& group, const Gauge& gauge) {
  std::vector<double> values;
  for (const RunResult& run : group.runs) {
    const auto value = gauge.value_in(run);
    if (value) values.push_back(*value);
  }
  return values.empty() ? PageJson(nullptr) : to_page(mean_interval(values));
}

PageJson sweep_page(const Kit& kit, const Points& points, std::size_t most) {
  const std::vector<std::string> keys = keys_of(points);
  PageJson axes = PageJson::array();
  std::vector<std::vector<std::string>> values(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    for (const Group* group : points) {
      const std::string value = setting(*group, keys[i]).value_or("as in the file");
      if (std::find(values[i].begin(), values[i].end(), value) == values[i].end()) {
        values[i].push_back(value);
      }
    }
    PageJson texts = PageJson::array();
    for (const std::string& value : values[i]) texts.push_back(shown(value));
    axes.push_back({{"key", shown(keys[i])}, {"values", std::move(texts)}});
  }
  const std::vector<Gauge> gauges = gauges_of(kit, points, most);
  PageJson names = PageJson::array();
  for (const Gauge& gauge : gauges) {
    names.push_back({{"name", shown(gauge.name)}, {"unit", gauge.unit}});
  }
  PageJson rows = PageJson::array();
  for (const Group* group : points) {
    PageJson at = PageJson::array();
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const std::string value = setting(*group, keys[i]).value_or("as in the file");
      at.push_back(std::find(values[i].begin(), values[i].end(), value) - values[i].begin());
    }
    PageJson figures = PageJson::array();
    for (const Gauge& gauge : gauges) figures.push_back(figure(*group, gauge));
    const auto failures = std::count_if(group->runs.begin(), group->runs.end(), failed);
    rows.push_back({{"at", std::move(at)},
                    {"runs", group->runs.size()},
                    {"passed", group->runs.size() - static_cast<std::size_t>(failures)},
                    {"figures", std::move(figures)}});
  }
  return {{"scenario", shown(points.front()->scenario)},
          {"axes", std::move(axes)},
          {"figures", std::move(names)},
          {"points", std::move(rows)}};
}

}  // namespace

PageJson sweeps_page(const Kit& kit, const std::vector<Group>& groups, std::size_t figures) {
  std::vector<std::pair<std::string, std::string>> order;
  std::map<std::pair<std::string, std::string>, Points> by_name;
  for (const Group& group : groups) {
    const std::pair name(group.scenario, group.world);
    if (by_name.count(name) == 0) order.push_back(name);
    by_name[name].push_back(&group);
  }
  PageJson list = PageJson::array();
  for (const auto& name : order) {
    const Points& points = by_name.at(name);
    // A store that does not say what differs has nothing to draw along.
    if (points.size() > 1 && !keys_of(points).empty()) {
      list.push_back(sweep_page(kit, points, figures));
    }
  }
  return list;
}

}  // namespace macula::sim
