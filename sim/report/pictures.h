// The data of pictures of many runs of one scenario, added up run by run, so that a store of any
// size fits: distributions of all runs together, their course over time on the mean, and that of a
// few runs each by itself.
//
//   Pictures pictures;
//   pictures.add(result);
//   pictures.distributions();   // "lookup.latency_ms" -> value -> how often
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/scenario/result.h"

namespace macula::sim {

// Operations of all runs by the bin in which they began.
struct SummedOperations {
  std::vector<std::uint64_t> ended;
  std::vector<std::uint64_t> failed;
  // For the runs in which some ended in this bin: the sum of their percentiles, and how many.
  std::vector<double> p50_ns;
  std::vector<double> p99_ns;
  std::vector<std::uint64_t> runs;
};

struct SummedTimeline {
  std::uint64_t runs = 0;
  std::int64_t bin_ns = 0;
  std::vector<std::uint64_t> messages;
  std::vector<std::uint64_t> bytes;
  std::vector<std::uint64_t> up;
  std::vector<std::uint64_t> bin_runs;  // that came to the end of the bin
  SummedOperations operations;
  std::map<std::string, SummedOperations> by_label;
};

class Pictures {
 public:
  // So many runs are kept by themselves, those with the smallest seeds.
  static constexpr std::size_t kFailedKept = 12;
  static constexpr std::size_t kPassedKept = 4;

  using Distribution = std::map<double, std::uint64_t>;  // value -> how often

  void add(const RunResult& run);

  // By metric.
  [[nodiscard]] const std::map<std::string, Distribution>& distributions() const {
    return distributions_;
  }
  [[nodiscard]] const SummedTimeline& together() const { return together_; }
  // Runs by themselves, failed ones first, then by seed.
  [[nodiscard]] std::vector<const RunResult*> alone() const;

 private:
  using BySeed = std::map<std::uint64_t, RunResult>;
  static void keep(const RunResult& run, std::size_t most, BySeed& kept);

  std::map<std::string, Distribution> distributions_;
  SummedTimeline together_;
  BySeed failed_;
  BySeed passed_;
};

}  // namespace macula::sim
