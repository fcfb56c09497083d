#include "sim/study/planted_change.h"

#include <algorithm>
#include <cmath>

namespace macula::sim {
namespace {

// Runs whose gauge is by so much more than it was.
std::vector<RunResult> shifted(std::vector<RunResult> runs, const Gauge& gauge, double by) {
  for (RunResult& run : runs) {
    run.digest = ~run.digest;
    const auto found = run.metrics.find(gauge.metric);
    if (found == run.metrics.end()) {
      const double messages = static_cast<double>(run.messages) + by;
      run.messages = static_cast<std::uint64_t>(std::max(messages, 0.0));
      continue;
    }
    Summary& s = found->second;
    for (double* value :
         {&s.mean, &s.min, &s.p50, &s.p75, &s.p90, &s.p95, &s.p99, &s.p99_9, &s.max}) {
      *value += by;
    }
  }
  return runs;
}

}  // namespace

tl::expected<PlantedChanges, std::string> try_planted_changes(const std::vector<RunResult>& runs,
                                                              const std::vector<Gauge>& gauges,
                                                              double level) {
  PlantedChanges tried;
  const auto expect = [&](const std::string& what, Verdict verdict, Verdict expected) {
    ++tried.planted;
    if (verdict != expected) {
      tried.missed.push_back(what + ": " + std::string(verdict_name(verdict)));
    }
  };
  auto unchanged = compare(runs, runs, gauges, level);
  if (!unchanged) return tl::unexpected(unchanged.error());
  expect("nothing changed", unchanged->verdict, Verdict::identical);
  for (std::size_t i = 0; i < gauges.size(); ++i) {
    const Gauge& gauge = gauges[i];
    if (unchanged->rows[i].a == 0) continue;
    const double change = (3 * gauge.tolerance + 0.05) * std::abs(unchanged->rows[i].a);
    for (const double by : {change, -change}) {
      const auto after = compare(runs, shifted(runs, gauge, by), gauges, level);
      if (!after) return tl::unexpected(after.error());
      const bool more = by > 0;
      const bool better = more == (gauge.better == Better::more);
      const Verdict expected = gauge.better == Better::neither ? Verdict::changed
                               : better                        ? Verdict::better
                                                               : Verdict::worse;
      expect(gauge.name + (more ? " made more" : " made less"), after->rows[i].verdict, expected);
    }
  }
  return tried;
}

}  // namespace macula::sim
