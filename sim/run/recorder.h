// Collects the samples of a run: for its metrics as a whole, and for each expectation those that
// fall into its window and fit its arguments.
//
//   Recorder recorder(world);
//   recorder.on_operation(ended);
//   recorder.see(Watch::served, sight);    // of what the community watches: sim/run/community.h
//   recorder.measure(expectation_index);
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/samples.h"
#include "sim/run/operation.h"
#include "sim/run/sight.h"
#include "sim/run/world.h"
#include "sim/scenario/result.h"

namespace macula::sim {

class Recorder {
 public:
  explicit Recorder(World& world);

  void on_operation(const Operation& operation);
  // Shows it to the metrics that watch such a thing.
  void see(Watch watch, const Sight& sight);

  // Whether anything here needs to see messages: a network that nobody watches is faster.
  [[nodiscard]] bool watches_messages() const;

  // The samples of an expectation so far, in the metric's unit. Nothing without samples. Not for
  // metrics that are read off the nodes.
  [[nodiscard]] std::optional<double> measure(std::size_t expectation) const;

  // Samples over the nodes, taken at the end of the run.
  void sample_nodes();
  // Sets `metrics`: those of the run as a whole, and by label. Once, at the end: what was collected
  // is gone afterwards.
  void summarise_to(RunResult& result);
  // Sets `histograms`: of metrics without a label, and of those that need one for the first labels.
  // Before what was collected is gone.
  void histograms_to(RunResult& result) const;
  // Operations that had no time to end, by label: no rate and no distribution counts them.
  [[nodiscard]] const std::map<std::string, std::uint64_t>& unfinished() const {
    return unfinished_;
  }

  // So many labels have all their metrics summed up; others, as "k-{n}" makes them, only how many
  // of their operations succeeded.
  static constexpr std::size_t kLabelsMax = 256;
  // So many labels have histograms.
  static constexpr std::size_t kLabelsDrawn = 8;

 private:
  // The samples of one label, by index in metrics_.
  using LabelSamples = std::map<std::size_t, Samples>;

  // How the operations of one label ended.
  struct Outcomes {
    std::uint64_t count = 0;
    std::map<std::string, std::uint64_t> errors;  // by code
    std::uint64_t judged = 0;                     // finds, of which some were right
    std::uint64_t correct = 0;
  };

  // The samples that one expectation collects.
  struct Probe {
    const Expectation* expectation;
    Samples samples;
    std::uint64_t count = 0;
    std::vector<bool> nodes;  // by number; empty: any
    std::vector<bool> from;
    std::vector<bool> to;
    std::vector<std::uint64_t> seconds{};  // what fell into each second of the window
  };

  void sum_up(std::size_t metric, std::int64_t value);
  [[nodiscard]] bool wants(const Probe& probe, const Sight& sight) const;
  static void add(Probe& probe, const MetricInfo& info, Time time, std::int64_t value);
  // The greatest of the seconds, or that over their mean.
  [[nodiscard]] static double greatest_second(const Probe& probe);
  // Adds to what the probe has seen in this second of its window.
  static void add_to_second(Probe& probe, Time time, std::uint64_t amount);
  [[nodiscard]] LabelSamples* samples_of(const std::string& label);
  [[nodiscard]] std::vector<bool> members(const std::optional<Selector>& selector);

  World* world_;
  const std::vector<MetricInfo>* metrics_;  // of the kit
  std::array<std::vector<std::size_t>, static_cast<std::size_t>(Watch::member) + 1>
      by_watch_;                                     // indices in metrics_
  std::vector<Probe> probes_;                        // one an expectation
  std::vector<std::vector<std::size_t>> by_metric_;  // indices of probes, by index in metrics_
  std::vector<Samples> totals_;               // by index in metrics_: of what has no label here
  std::map<std::string, Outcomes> outcomes_;  // by label
  std::map<std::string, LabelSamples> by_label_;
  LabelSamples* ended_ = nullptr;                    // of the operation that ends just now
  std::map<std::string, std::uint64_t> unfinished_;  // by label
};

}  // namespace macula::sim
