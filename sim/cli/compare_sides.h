// The runs of both sides of a comparison, seed by seed: more of them whenever they are asked for.
//
//   auto sides = sides_by_settings(kit, arguments);
//   if (auto added = sides.add({1, 10}); !added) return bad_input("compare", added.error());
//   compare(sides.a, sides.b, gauges, level);
#pragma once

#include <functional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/cli/compare_options.h"
#include "sim/scenario/result.h"

namespace macula::sim {

struct ComparedSides {
  std::vector<RunResult> a;
  std::vector<RunResult> b;
  std::string about_a;  // for titles
  std::string about_b;
};

// Runs both sides with these seeds, which follow those before. The error is for a person; empty
// where a signal interrupted it.
using AddSeeds = std::function<tl::expected<void, std::string>(ComparedSides&, const SeedRange&)>;

// One file under two settings, by this program. Arguments and kit outlive it.
[[nodiscard]] AddSeeds by_settings(const Kit& kit, const CompareArguments& arguments);

// One file by two programs, which run as children and keep their results in a folder that is gone
// with this.
[[nodiscard]] AddSeeds by_programs(const CompareArguments& arguments);

[[nodiscard]] std::string settings_text(const Overrides& overrides);

}  // namespace macula::sim
