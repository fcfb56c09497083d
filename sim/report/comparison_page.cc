#include "sim/report/comparison_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/study/comparison.h"
#include "sim/study/comparison_text.h"
#include "sim/study/paired_stores.h"
#include "sim/study/text.h"

namespace macula::sim {
namespace {

constexpr double kLevel = 0.05;

PageJson rows_of(const PairedComparison& comparison) {
  PageJson rows = PageJson::array();
  for (const ComparedRow& row : comparison.rows) {
    rows.push_back({{"name", shown(row.gauge.name)},
                    {"unit", row.gauge.unit},
                    {"a", rounded(row.a)},
                    {"b", rounded(row.b)},
                    {"change", rounded(row.change)},
                    {"low", rounded(row.interval.low)},
                    {"high", rounded(row.interval.high)},
                    {"p", rounded(row.p_value)},
                    {"worst_seed", std::to_string(row.worst_seed)},
                    {"verdict", verdict_name(row.verdict)}});
  }
  return rows;
}

struct Gauges {
  std::vector<Gauge> compared;
  PageJson left_out = PageJson::array();  // names of those that a run did not measure
};

Gauges gauges_of(const Kit& kit, const PairedRuns& pair) {
  Gauges gauges;
  for (Gauge& gauge : usual_gauges(kit, pair.a)) {
    const auto measured = [&](const RunResult& run) { return gauge.value_in(run).has_value(); };
    if (std::all_of(pair.a.begin(), pair.a.end(), measured) &&
        std::all_of(pair.b.begin(), pair.b.end(), measured)) {
      gauges.compared.push_back(std::move(gauge));
    } else {
      gauges.left_out.push_back(shown(gauge.name));
    }
  }
  return gauges;
}

PageJson broken_of(const PairedComparison& comparison) {
  PageJson broken = PageJson::array();
  for (const Broken& each : comparison.broken) {
    broken.push_back(shown(fmt::format("seed {}: {}", each.seed, each.what)));
  }
  return broken;
}

// The run of B of which a person would ask why, and the line that repeats it.
PageJson look_at(const PairedComparison& comparison, std::uint64_t hash,
                 const std::vector<Group>& groups) {
  const auto look = seed_to_look_at(comparison);
  if (!look) return nullptr;
  std::string replay;
  for (const Group& group : groups) {
    for (const RunResult& run : group.runs) {
      if (group.hash == hash && run.seed == look->seed) replay = replay_of(group, run);
    }
  }
  return {
      {"seed", std::to_string(look->seed)}, {"why", shown(look->why)}, {"replay", shown(replay)}};
}

}  // namespace

tl::expected<PageJson, std::string> comparison_page(const Kit& kit, const std::string& folder_a,
                                                    const std::string& folder_b,
                                                    const std::vector<Group>& b) {
  const auto stores = pair_stores(folder_a, folder_b);
  if (!stores) return tl::unexpected(stores.error());
  const double level = kLevel / static_cast<double>(stores->pairs.size());
  PageJson pairs = PageJson::array();
  Verdict worst = Verdict::identical;
  for (const PairedRuns& pair : stores->pairs) {
    Gauges gauges = gauges_of(kit, pair);
    const auto comparison = compare(pair.a, pair.b, gauges.compared, level);
    if (!comparison) return tl::unexpected(pair.scenario + ": " + comparison.error());
    worst = std::max(worst, comparison->verdict);
    pairs.push_back({{"scenario", shown(pair.scenario)},
                     {"a", digest_text(pair.a.front().hash)},
                     {"b", digest_text(pair.b.front().hash)},
                     {"alike", pair.resolved_alike},
                     {"seeds", comparison->seeds},
                     {"identical", comparison->identical},
                     {"verdict", verdict_name(comparison->verdict)},
                     {"conclusion", shown(conclusion(*comparison))},
                     {"look_at", look_at(*comparison, pair.b.front().hash, b)},
                     {"rows", rows_of(*comparison)},
                     {"not_compared", std::move(gauges.left_out)},
                     {"broken", broken_of(*comparison)}});
  }
  return PageJson{{"verdict", verdict_name(worst)}, {"pairs", std::move(pairs)}};
}

}  // namespace macula::sim
