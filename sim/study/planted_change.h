// Proof that a comparison can fail: changes that are planted must be called.
//
//   auto tried = try_planted_changes(runs, gauges, 0.05);
//   tried->missed;       // "lookup.recall.mean made worse: same"
#pragma once

#include <cstddef>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/study/comparison.h"

namespace macula::sim {

struct PlantedChanges {
  std::size_t planted = 0;
  std::vector<std::string> missed;
};

// Tries for each gauge that is not 0 in all runs: one change for the worse and one for the better,
// larger than its tolerance, and none at all. The error is that of compare().
[[nodiscard]] tl::expected<PlantedChanges, std::string> try_planted_changes(
    const std::vector<RunResult>& runs, const std::vector<Gauge>& gauges, double level);

}  // namespace macula::sim
