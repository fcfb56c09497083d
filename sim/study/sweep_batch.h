// The runs of a sweep: a scenario for each point of a grid, each with the same seeds.
//
//   auto sweep = make_sweep(kit, campaign, {{"protocol.alpha", {"1", "3"}}});
//   sweep->points[0].values;   // {"1"}, of sweep->batch.scenarios[0]
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "sim/scenario/sweep.h"
#include "sim/study/batch.h"

namespace macula::sim {

inline constexpr std::size_t kMostPoints = 10'000;

struct SweepBatch {
  std::vector<SweepAxis> axes;
  std::vector<std::vector<std::string>> points;  // a value for each axis; the last varies fastest
  Batch batch;                                   // its scenarios are those of the points
  std::size_t seeds = 0;                         // run i is of point i / seeds
};

// "KEY=V1,V2,..": commas inside of brackets, parentheses and quotes do not divide. The error is for
// a person.
[[nodiscard]] tl::expected<SweepAxis, std::string> parse_axis(std::string_view text);

// The sweep of the campaign's one file, its overrides at every point. `axes` go over those of the
// file's [sweep] of the same keys, and `campaign.seeds` over its seeds. The error, for a person,
// says which point is no scenario, or that two are the same.
[[nodiscard]] tl::expected<SweepBatch, std::string> make_sweep(const Kit& kit,
                                                               const Campaign& campaign,
                                                               const std::vector<SweepAxis>& axes);

}  // namespace macula::sim
