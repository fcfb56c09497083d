#include "sim/run/recorder.h"

#include <algorithm>
#include <utility>

#include "analysis/histogram.h"
#include "base/check.h"
#include "base/hash.h"
#include "sim/run/statistic.h"
#include "sim/scenario/error_codes.h"

namespace macula::sim {
namespace {

bool fits(const std::vector<bool>& members, NodeNumber node) {
  return members.empty() || (node < members.size() && members[node]);
}

Summary summarise(const Samples& samples, double units) {
  const auto percentile = [&](std::uint32_t ppm) {
    return static_cast<double>(samples.percentile(ppm)) / units;
  };
  Summary summary;
  summary.count = samples.count();
  summary.mean = samples.mean() / units;
  summary.min = static_cast<double>(samples.min()) / units;
  summary.p50 = percentile(500'000);
  summary.p75 = percentile(750'000);
  summary.p90 = percentile(900'000);
  summary.p95 = percentile(950'000);
  summary.p99 = percentile(990'000);
  summary.p99_9 = percentile(999'000);
  summary.max = static_cast<double>(samples.max()) / units;
  return summary;
}

// The summary of samples that are 0 or 1.
Summary summarise_rate(std::uint64_t ones, std::uint64_t count) {
  Samples samples;
  for (std::uint64_t i = 0; i < count; ++i) samples.add(i < ones ? 1 : 0);
  return summarise(samples, 1);
}

// Whether its samples are summed up in the result, whatever is expected.
bool is_summed(const MetricInfo& info) {
  return info.kind == MetricKind::distribution ||
         (info.kind == MetricKind::rate && info.required.empty());
}

}  // namespace

Recorder::Recorder(World& world)
    : world_(&world),
      metrics_(&world.scenario().kit->metrics),
      by_metric_(metrics_->size()),
      totals_(metrics_->size()) {
  for (std::size_t i = 0; i < metrics_->size(); ++i) {
    by_watch_[static_cast<std::size_t>((*metrics_)[i].watch)].push_back(i);
  }
  for (const Expectation& expectation : world.scenario().expectations) {
    const Metric& metric = expectation.metric;
    const auto index = static_cast<std::size_t>(metric.info - metrics_->data());
    by_metric_[index].push_back(probes_.size());
    probes_.push_back(
        {&expectation, {}, 0, members(metric.node), members(metric.from), members(metric.to)});
  }
}

std::vector<bool> Recorder::members(const std::optional<Selector>& selector) {
  if (!selector) return {};
  const std::uint64_t key = hash_bytes(selector->text, world_->seed());
  std::vector<bool> members(world_->size());
  for (const NodeNumber node : world_->select(*selector, key)) members[node] = true;
  return members;
}

// ----- sampling -----

bool Recorder::wants(const Probe& probe, const Sight& sight) const {
  const Expectation& expectation = *probe.expectation;
  if (expectation.when == When::during &&
      (sight.time < kTimeZero + expectation.from ||
       sight.time > kTimeZero + expectation.to + world_->tolerance())) {
    return false;
  }
  const std::string& wanted = expectation.metric.label;
  if (!wanted.empty() && (sight.label == nullptr || !speaks_of(wanted, *sight.label))) return false;
  return fits(probe.nodes, sight.node) && fits(probe.from, sight.from) && fits(probe.to, sight.to);
}

void Recorder::add(Probe& probe, const MetricInfo& info, Time time, std::int64_t value) {
  if (info.kind != MetricKind::count) {
    probe.samples.add(value);
  } else if (info.seconds == Seconds::together) {
    probe.count += static_cast<std::uint64_t>(value);
  } else {
    add_to_second(probe, time, static_cast<std::uint64_t>(value));
  }
}

void Recorder::see(Watch watch, const Sight& sight) {
  static const Metric any_metric;
  for (const std::size_t index : by_watch_[static_cast<std::size_t>(watch)]) {
    const MetricInfo& info = (*metrics_)[index];
    if (is_summed(info)) {
      if (const auto value = info.sample(sight, any_metric)) sum_up(index, *value);
    }
    for (const std::size_t number : by_metric_[index]) {
      Probe& probe = probes_[number];
      if (!wants(probe, sight)) continue;
      const auto value = info.sample(sight, probe.expectation->metric);
      if (value) add(probe, info, sight.time, *value);
    }
  }
}

// A metric that needs a label has no total: operations are of many kinds.
void Recorder::sum_up(std::size_t metric, std::int64_t value) {
  if (ended_ != nullptr) {
    (*ended_)[metric].add(value);
  } else if ((*metrics_)[metric].required.empty()) {
    totals_[metric].add(value);
  }
}

void Recorder::on_operation(const Operation& operation) {
  Sight sight{*world_, operation.started};
  sight.label = operation.label;
  sight.operation = &operation;
  const std::string& label = *operation.label;
  if (operation.error == kUnfinished) {
    ++unfinished_[label];
    see(Watch::unfinished, sight);
    return;
  }
  if (!label.empty()) {
    Outcomes& outcomes = outcomes_[label];
    ++outcomes.count;
    if (!operation.error.empty()) ++outcomes.errors[operation.error];
    if (operation.correct) {
      ++outcomes.judged;
      outcomes.correct += *operation.correct ? 1 : 0;
    }
    ended_ = samples_of(label);
  }
  see(Watch::ended, sight);
  ended_ = nullptr;
}

Recorder::LabelSamples* Recorder::samples_of(const std::string& label) {
  const auto found = by_label_.find(label);
  if (found != by_label_.end()) return &found->second;
  return by_label_.size() < kLabelsMax ? &by_label_[label] : nullptr;
}

void Recorder::add_to_second(Probe& probe, Time time, std::uint64_t amount) {
  const Expectation& expectation = *probe.expectation;
  const Time from = kTimeZero + (expectation.when == When::during ? expectation.from : Duration{0});
  const auto index = static_cast<std::size_t>((time - from) / std::chrono::seconds(1));
  if (index >= probe.seconds.size()) probe.seconds.resize(index + 1);
  probe.seconds[index] += amount;
}

bool Recorder::watches_messages() const {
  const auto asked = [&](Watch watch) {
    const auto& metrics = by_watch_[static_cast<std::size_t>(watch)];
    return std::any_of(metrics.begin(), metrics.end(),
                       [&](std::size_t index) { return !by_metric_[index].empty(); });
  };
  const auto& steps = world_->scenario().steps;
  return asked(Watch::handed) || asked(Watch::sent) ||
         std::any_of(steps.begin(), steps.end(), [](const Step& step) {
           const auto watches = step.verb->watches_messages;
           return watches != nullptr && watches(step.arguments);
         });
}

// ----- results -----

std::optional<double> Recorder::measure(std::size_t expectation) const {
  const Probe& probe = probes_[expectation];
  const Metric& metric = probe.expectation->metric;
  MACULA_CHECK(metric.info->read == nullptr);
  if (!probe.seconds.empty()) return greatest_second(probe);
  if (metric.info->kind == MetricKind::count) return static_cast<double>(probe.count);
  if (metric.statistic == Statistic::count) return static_cast<double>(probe.samples.count());
  if (probe.samples.empty()) return std::nullopt;
  return statistic_of(probe.samples, metric);
}

double Recorder::greatest_second(const Probe& probe) {
  const auto greatest =
      static_cast<double>(*std::max_element(probe.seconds.begin(), probe.seconds.end()));
  if (probe.expectation->metric.info->seconds == Seconds::greatest) return greatest;
  double sum = 0;
  for (const std::uint64_t second : probe.seconds) sum += static_cast<double>(second);
  return sum > 0 ? greatest / (sum / static_cast<double>(probe.seconds.size())) : 0;
}

void Recorder::sample_nodes() {
  Sight sight{*world_, world_->network().now()};
  for (NodeNumber number = 0; number < world_->size(); ++number) {
    sight.node = number;
    see(Watch::member, sight);
  }
}

void Recorder::histograms_to(RunResult& result) const {
  const auto write = [&](const MetricInfo& info, const std::string& name,
                         const Histogram& histogram) {
    if (info.unit != "ms" && info.unit != "count") return;
    std::vector<HistogramBar>& bars = result.histograms[name];
    for (const Histogram::Bar& bar : histogram.bars()) {
      bars.push_back({static_cast<double>(bar.value) / units_per(info), bar.count});
    }
  };
  std::vector<Histogram> totals(totals_.size());
  for (std::size_t i = 0; i < totals_.size(); ++i) totals[i] = histogram_of(totals_[i]);
  std::size_t drawn = 0;
  for (const auto& [label, by_metric] : by_label_) {
    ++drawn;
    for (const auto& [i, samples] : by_metric) {
      const MetricInfo& info = (*metrics_)[i];
      const Histogram histogram = histogram_of(samples);
      if (info.required.empty()) {
        totals[i].merge(histogram);
      } else if (drawn <= kLabelsDrawn) {
        write(info, std::string(info.name) + "(" + label + ")", histogram);
      }
    }
  }
  for (std::size_t i = 0; i < totals.size(); ++i) {
    if (totals[i].count() != 0) write((*metrics_)[i], std::string((*metrics_)[i].name), totals[i]);
  }
}

void Recorder::summarise_to(RunResult& result) {
  const std::vector<MetricInfo>& catalogue = *metrics_;
  auto& metrics = result.metrics;
  for (const auto& [label, outcomes] : outcomes_) {
    std::uint64_t failed = 0;
    for (const auto& [code, count] : outcomes.errors) {
      failed += count;
      metrics.emplace("error_rate(" + label + ", " + code + ")",
                      summarise_rate(count, outcomes.count));
    }
    metrics.emplace("success_rate(" + label + ")",
                    summarise_rate(outcomes.count - failed, outcomes.count));
    if (outcomes.judged == 0) continue;
    metrics.emplace("correct_rate(" + label + ")",
                    summarise_rate(outcomes.correct, outcomes.judged));
  }
  for (auto& [label, by_metric] : by_label_) {
    for (auto& [i, samples] : by_metric) {
      metrics.emplace(std::string(catalogue[i].name) + "(" + label + ")",
                      summarise(samples, units_per(catalogue[i])));
      if (catalogue[i].required.empty()) totals_[i].take(std::move(samples));
    }
  }
  for (std::size_t i = 0; i < totals_.size(); ++i) {
    if (totals_[i].empty()) continue;
    metrics.emplace(catalogue[i].name, summarise(totals_[i], units_per(catalogue[i])));
  }
  result.labels_left_out = outcomes_.size() - by_label_.size();
}

}  // namespace macula::sim
