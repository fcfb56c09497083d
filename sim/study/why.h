// Why did this operation end as it did? Runs the scenario once to find the operation, and once more
// to hear its story: the same file and seed give the same run.
//
//   WhyQuestion question;
//   question.label = "read";
//   question.failed = true;                        // the first that failed; else the nth
//   auto story = ask_why(kit, scenario, question);
//   if (story) std::cout << told(*story);
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>

#include "sim/scenario/kit.h"
#include "sim/scenario/scenario.h"
#include "sim/study/story.h"

namespace macula::sim {

struct WhyQuestion {
  std::string label;  // with its number, or with {n} for all of a series
  std::uint64_t nth = 1;
  bool failed = false;  // of those that failed
  std::uint64_t seed = 1;
};

// The error is for a person: there is no such label, or there are not so many.
[[nodiscard]] tl::expected<Story, std::string> ask_why(const Kit& kit, const Scenario& scenario,
                                                       const WhyQuestion& question);

}  // namespace macula::sim
