// Two stores, run against run: what `compare` holds against each other.
//
//   auto pairs = pair_stores("before", "after");
//   for (const PairedRuns& pair : pairs->pairs) compare(pair.a, pair.b, gauges, level);
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/scenario/result.h"
#include "sim/study/unit.h"

namespace macula::sim {

struct PairedRuns {
  std::string scenario;
  std::vector<RunResult> a;  // the same seeds in the same order
  std::vector<RunResult> b;
  bool resolved_alike = true;  // false: settings or defaults differ
};

struct PairedStores {
  Provenance a;
  Provenance b;
  std::vector<PairedRuns> pairs;  // by name of the scenario
};

// A scenario is the same where it has the same name and world. Where a store has one with several
// settings, as of a sweep, the other has it with the same ones. The error, for a person: a store
// that cannot be read or is not whole, other scenarios, seeds, or fates.
[[nodiscard]] tl::expected<PairedStores, std::string> pair_stores(const std::string& folder_a,
                                                                  const std::string& folder_b);

}  // namespace macula::sim
