// Records how a run goes over time. It looks from outside, at the end of each bin, and changes
// nothing: a run with it has the digest of one without.
//
//   TimelineRecorder recorder(world);
//   recorder.schedule();                 // before the run
//   recorder.on_operation(ended);
//   result.timeline = recorder.timeline();
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "analysis/histogram.h"
#include "sim/run/operation.h"
#include "sim/run/world.h"
#include "sim/scenario/timeline.h"

namespace macula::sim {

class TimelineRecorder {
 public:
  static constexpr std::size_t kBins = 200;
  // More of them are only counted. The labels that come first have a place.
  static constexpr std::size_t kLabelsMax = 8;
  static constexpr std::size_t kHappeningsMax = 200;

  explicit TimelineRecorder(World& world);

  void schedule();
  void on_operation(const Operation& operation);
  [[nodiscard]] Timeline timeline() const;

 private:
  struct Bin {
    std::uint64_t failed = 0;
    Histogram latency;
  };
  using Bins = std::vector<Bin>;

  void look();
  void add(Bins& bins, const Operation& operation) const;
  [[nodiscard]] TimelineOperations summed_up(const Bins& bins) const;

  World& world_;
  Duration width_;
  std::size_t count_;  // of bins
  Timeline timeline_;
  std::uint64_t messages_ = 0;  // at the last look
  std::uint64_t bytes_ = 0;
  Bins all_;
  std::map<std::string, Bins> by_label_;
  std::map<std::string, bool> left_out_;
};

// The happenings of the scenario, and when; `limit` of them at most, the rest is counted.
void add_happenings(const Scenario& scenario, std::size_t limit, Timeline& timeline);

}  // namespace macula::sim
