#include "sim/report/group_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "sim/report/timeline_page.h"
#include "sim/study/quantity.h"
#include "sim/study/text.h"

namespace macula::sim {
namespace {

std::size_t failures_of(const Group& group) {
  return static_cast<std::size_t>(std::count_if(group.runs.begin(), group.runs.end(), failed));
}

PageJson settings_of(const Group& group) {
  PageJson settings = PageJson::array();
  for (const auto& [key, value] : group.overrides) settings.push_back(shown(key + "=" + value));
  return settings;
}

const char* comparison_name(Comparison comparison) {
  constexpr std::array<const char*, 5> kNames{"equals", "at_least", "at_most", "between", "near"};
  return kNames[static_cast<std::size_t>(comparison)];
}

// The findings of one expectation in all runs that have it.
PageJson expectations_page(const Group& group) {
  const auto whole = std::find_if(group.runs.begin(), group.runs.end(),
                                  [](const RunResult& run) { return run.crash.empty(); });
  PageJson rows = PageJson::array();
  if (whole == group.runs.end()) return rows;
  for (std::size_t i = 0; i < whole->expectations.size(); ++i) {
    const ExpectationResult& one = whole->expectations[i];
    std::vector<double> measured;
    std::uint64_t runs = 0;
    std::uint64_t passed = 0;
    const RunResult* worst = nullptr;
    for (const RunResult& run : group.runs) {
      if (i >= run.expectations.size()) continue;
      const ExpectationResult& each = run.expectations[i];
      ++runs;
      passed += each.passed ? 1 : 0;
      if (!each.passed && worst == nullptr) worst = &run;
      if (each.measured) measured.push_back(*each.measured);
    }
    std::sort(measured.begin(), measured.end());
    PageJson row = {{"name", shown(one.name)},
                    {"metric", shown(one.metric)},
                    {"unit", one.unit},
                    {"expected", shown(one.expected)},
                    {"comparison", comparison_name(one.bounds.comparison)},
                    {"low", rounded(one.bounds.low)},
                    {"high", rounded(one.bounds.high)},
                    {"runs", runs},
                    {"passed", passed},
                    {"measured", PageJson::array()}};
    if (!measured.empty()) {
      row["measured"] = {rounded(measured.front()), rounded(measured[measured.size() / 2]),
                         rounded(measured.back())};
    }
    if (worst != nullptr) {
      row["finding"] =
          fmt::format("seed {}: {}", worst->seed, shown(finding_of(worst->expectations[i])));
      row["detail"] = shown(worst->expectations[i].detail);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

// No interval of a rate goes beyond 0 and 1.
PageJson over_seeds(const std::vector<const Summary*>& summaries, double Summary::*figure,
                    bool rate) {
  std::vector<double> values;
  values.reserve(summaries.size());
  for (const Summary* summary : summaries) values.push_back(summary->*figure);
  MeanInterval mean = mean_interval(values);
  if (rate && mean.interval) {
    *mean.interval = {std::max(mean.interval->low, 0.0), std::min(mean.interval->high, 1.0)};
  }
  return to_page(mean);
}

// Each metric over the seeds.
PageJson metrics_page(const Kit& kit, const Group& group, std::size_t most,
                      std::vector<std::string>& left_out) {
  std::map<std::string, std::vector<const Summary*>> by_name;
  for (const RunResult& run : group.runs) {
    for (const auto& [name, summary] : run.metrics) by_name[name].push_back(&summary);
  }
  if (by_name.size() > most) {
    left_out.push_back(fmt::format("{}: of {} the first {} are told", shown(group.scenario),
                                   counted(by_name.size(), "metric"), most));
  }
  PageJson rows = PageJson::array();
  for (const auto& [name, summaries] : by_name) {
    if (rows.size() == most) break;
    const std::string unit = unit_of(kit, name);
    PageJson row = {{"name", shown(name)},
                    {"unit", unit},
                    {"runs", summaries.size()},
                    {"mean", over_seeds(summaries, &Summary::mean, unit == "rate")}};
    if (unit != "rate") {
      row["p50"] = over_seeds(summaries, &Summary::p50, false);
      row["p99"] = over_seeds(summaries, &Summary::p99, false);
      row["max"] = over_seeds(summaries, &Summary::max, false);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

// The share of all samples that are not above a value, at so many values.
PageJson curve(const Pictures::Distribution& distribution, std::size_t points) {
  std::uint64_t all = 0;
  for (const auto& [value, count] : distribution) all += count;
  PageJson curve = PageJson::array();
  std::uint64_t below = 0;
  double next = 0;
  std::size_t left = distribution.size();
  for (const auto& [value, count] : distribution) {
    below += count;
    --left;
    const double share = static_cast<double>(below) / static_cast<double>(all);
    // The tails have each value, the middle as many as there is room for.
    const bool tail = share > 0.99 && left < points / 4;
    if (left != 0 && share < next && !tail) continue;
    next = share + 1.0 / static_cast<double>(points);
    curve.push_back({rounded(value), rounded(share)});
  }
  return curve;
}

PageJson distributions_page(const Kit& kit, const Group& group, std::size_t points) {
  PageJson list = PageJson::array();
  for (const auto& [metric, distribution] : group.pictures.distributions()) {
    std::uint64_t all = 0;
    for (const auto& [value, count] : distribution) all += count;
    if (distribution.size() < 2 || all == 0) continue;  // one value is no curve
    list.push_back({{"name", shown(metric)},
                    {"unit", unit_of(kit, metric)},
                    {"samples", all},
                    {"curve", curve(distribution, points)}});
  }
  return list;
}

// Those that failed first, then by seed.
PageJson runs_page(const Group& group, std::size_t most, std::vector<std::string>& left_out) {
  std::vector<const RunResult*> runs;
  for (const RunResult& run : group.runs) runs.push_back(&run);
  std::stable_sort(runs.begin(), runs.end(), [](const RunResult* a, const RunResult* b) {
    return failed(*a) && !failed(*b);
  });
  if (runs.size() > most) {
    left_out.push_back(fmt::format("{}: of {} {} stand in the table, those that failed first",
                                   shown(group.scenario), counted(runs.size(), "run"), most));
    runs.resize(most);
  }
  PageJson rows = PageJson::array();
  for (const RunResult* run : runs) {
    rows.push_back({{"seed", std::to_string(run->seed)},
                    {"verdict", verdict_name(*run)},
                    {"why", shown(why_of(*run))},
                    {"time", rounded(static_cast<double>(run->virtual_ns) / 1e9)},
                    {"messages", run->messages},
                    {"digest", digest_text(run->digest)}});
  }
  return rows;
}

PageJson timelines_page(const Group& group, std::size_t alone, std::vector<std::string>& left_out) {
  PageJson list = PageJson::array();
  std::vector<const RunResult*> runs = group.pictures.alone();
  const std::size_t all = group.pictures.together().runs;
  if (all > 1) list.push_back(timeline_page(group));
  if (runs.size() > alone) runs.resize(alone);
  if (runs.size() < all) {
    left_out.push_back(fmt::format("{}: of {} the course over time of {} is told by itself",
                                   shown(group.scenario), counted(all, "run"), runs.size()));
  }
  for (const RunResult* run : runs) list.push_back(timeline_page(*run));
  return list;
}

}  // namespace

PageJson group_row(const Group& group) {
  const RunResult& telling = most_telling(group);
  const std::size_t failures = failures_of(group);
  return {{"scenario", shown(group.scenario)},
          {"world", shown(group.world)},
          {"settings", settings_of(group)},
          {"runs", group.runs.size()},
          {"passed", group.runs.size() - failures},
          {"verdict", verdict_name(telling)},
          {"seed", std::to_string(telling.seed)},
          {"why", shown(why_of(telling))},
          {"first_seed", std::to_string(group.runs.front().seed)},
          {"last_seed", std::to_string(group.runs.back().seed)}};
}

PageJson group_page(const Kit& kit, const Group& group, const Thinning& thinning, std::size_t alone,
                    std::vector<std::string>& left_out) {
  PageJson json = group_row(group);
  const RunResult& telling = most_telling(group);
  json["profile"] = shown(group.profile);
  json["hash"] = digest_text(group.hash);
  json["file"] = shown(group.file);
  json["replay"] = shown(replay_of(group, telling));
  PageJson notes = PageJson::array();
  for (const Remark& note : telling.notes) notes.push_back(shown(note.text));
  json["notes"] = std::move(notes);
  json["expectations"] = expectations_page(group);
  json["metrics"] = metrics_page(kit, group, thinning.metrics, left_out);
  json["distributions"] = distributions_page(kit, group, thinning.points);
  json["timelines"] = timelines_page(group, alone, left_out);
  json["list"] = runs_page(group, thinning.runs_listed, left_out);
  return json;
}

}  // namespace macula::sim
