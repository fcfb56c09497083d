// Whether B is better or worse than A: two sets of runs with the same seeds, seed by seed.
//
//   PairedComparison comparison = compare(runs_of_a, runs_of_b, gauges, 0.05);
//   comparison.verdict;             // the worst of its rows
//
// The differences of the seeds in each gauge are held against chance by the sign-flip permutation
// test (analysis/sign_flip.h), adjusted for the number of gauges after Holm. An expectation is no
// matter of chance: a seed whose expectation held in A and does not in B is worse.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "analysis/sign_flip.h"
#include "sim/scenario/result.h"
#include "sim/study/gauge.h"

namespace macula::sim {

enum class Verdict : std::uint8_t {
  identical,  // every run has the digest of its twin
  same,       // the interval lies inside the tolerance
  within,     // changed, but by no more than the tolerance
  better,
  unsure,   // too few seeds to say
  changed,  // neither direction is better
  worse,
};

[[nodiscard]] std::string_view verdict_name(Verdict verdict);

struct ComparedRow {
  Gauge gauge;
  double a = 0;  // means over the seeds
  double b = 0;
  double change = 0;   // of the means: b less a
  Interval interval;   // of the change
  double p_value = 1;  // adjusted
  double noise = 0;    // standard deviation of the differences, over that of A and B unpaired
  std::uint64_t worst_seed = 0;  // whose difference is worst
  Verdict verdict = Verdict::unsure;

  // The least change that would have been told from none: half of the interval. Infinite where so
  // few seeds cannot bound it.
  [[nodiscard]] double detectable() const { return (interval.high - interval.low) / 2; }
};

// A seed in which something that held in A does not in B.
struct Broken {
  std::uint64_t seed = 0;
  std::string what;
};

struct PairedComparison {
  std::size_t seeds = 0;
  std::size_t identical = 0;  // runs with the digest of their twin
  double level = 0.05;
  std::vector<ComparedRow> rows;  // in order of the gauges
  std::vector<Broken> broken;
  Verdict verdict = Verdict::unsure;
};

// `a` and `b` have the same seeds in the same order, at least one. The error says which gauge has
// no sample on one side, or which run did not come to its end.
[[nodiscard]] tl::expected<PairedComparison, std::string> compare(const std::vector<RunResult>& a,
                                                                  const std::vector<RunResult>& b,
                                                                  const std::vector<Gauge>& gauges,
                                                                  double level);

// The seed of which a person would ask why: one that held in A and not in B, or the worst of the
// first metric that is worse or unsure. Nothing: there is none.
struct SeedToLookAt {
  std::uint64_t seed = 0;
  std::string why;  // what does not hold, or the metric
};
[[nodiscard]] std::optional<SeedToLookAt> seed_to_look_at(const PairedComparison& comparison);

}  // namespace macula::sim
