#include "sim/run/judge.h"

#include <algorithm>
#include <utility>

#include "analysis/samples.h"
#include "sim/run/statistic.h"

namespace macula::sim {
namespace {

std::optional<double> measured_by(const Metric& metric, const State& state) {
  if (metric.info->kind == MetricKind::state) return state.value;
  Samples samples;
  for (const std::int64_t sample : state.samples) samples.add(sample);
  if (samples.empty() && metric.statistic != Statistic::count) return std::nullopt;
  return statistic_of(samples, metric);
}

}  // namespace

Judge::Judge(World& world, const Operations& operations, const Recorder& recorder)
    : world_(&world),
      operations_(&operations),
      recorder_(&recorder),
      findings_(world.scenario().expectations.size()) {}

void Judge::schedule() {
  const auto& expectations = world_->scenario().expectations;
  for (std::size_t i = 0; i < expectations.size(); ++i) {
    const Expectation& expectation = expectations[i];
    const bool state = expectation.metric.info->read != nullptr;
    switch (expectation.when) {
      case When::at:
        schedule_instant(i, kTimeZero + expectation.to);
        break;
      case When::during:
        if (state) schedule_instant(i, kTimeZero + expectation.to);
        break;
      case When::within:
      case When::always:
        schedule_polls(i, kTimeZero + expectation.from);
        break;
      case When::finally:
        break;
    }
  }
}

// Where times are not exact, what is to hold at an instant may hold a little before or after it.
void Judge::schedule_instant(std::size_t index, Time time) {
  const Duration tolerance = world_->tolerance();
  std::vector<Time> instants{time};
  if (tolerance > Duration{0}) {
    instants = {std::max(time - tolerance, kTimeZero), time, time + tolerance};
  }
  for (const Time instant : instants) {
    world_->network().look_at(instant, [this, index] {
      if (!findings_[index].passed) judge(index);
    });
  }
}

// `within` is decided by the first poll that holds, `always` by the first that does not.
void Judge::schedule_polls(std::size_t index, Time time) {
  world_->network().look_at(time, [this, index, time] {
    const Expectation& expectation = world_->scenario().expectations[index];
    const bool held = judge(index);
    const Time next = time + expectation.every;
    if (held != (expectation.when == When::within) && next <= kTimeZero + expectation.to) {
      schedule_polls(index, next);
    }
  });
}

bool Judge::judge(std::size_t index) {
  const Expectation& expectation = world_->scenario().expectations[index];
  Finding finding;
  finding.judged = true;
  if (expectation.metric.info->read != nullptr) {
    State state = expectation.metric.info->read({*world_, *operations_, expectation.metric});
    finding.measured = measured_by(expectation.metric, state);
    finding.nodes = std::move(state.nodes);
  } else {
    finding.measured = recorder_->measure(index);
  }
  finding.passed = holds(expectation, finding);
  findings_[index] = std::move(finding);
  return findings_[index].passed;
}

bool Judge::holds(const Expectation& expectation, const Finding& finding) const {
  if (!finding.measured) return false;
  if (expectation.nodes) {
    const auto& wanted = *expectation.nodes;
    return wanted.size() == finding.nodes.size() &&
           std::is_permutation(wanted.begin(), wanted.end(), finding.nodes.begin());
  }
  const double measured = *finding.measured;
  // Times are only as exact as the world is.
  const bool is_time =
      expectation.metric.info->unit == "ms" && expectation.metric.statistic != Statistic::count;
  const double slack = is_time ? static_cast<double>(world_->tolerance().count()) / 1e6 : 0;
  const double low = expectation.low - slack;
  const double high = expectation.high + slack;
  switch (expectation.comparison) {
    case Comparison::equals:
      return measured >= low && measured <= expectation.low + slack;
    case Comparison::at_least:
      return measured >= low;
    case Comparison::at_most:
      return measured <= high;
    case Comparison::between:
    case Comparison::near:
      return measured >= low && measured <= high;
  }
  return false;
}

std::vector<ExpectationResult> Judge::verdicts() {
  std::vector<ExpectationResult> results;
  for (std::size_t i = 0; i < findings_.size(); ++i) {
    const Expectation& expectation = world_->scenario().expectations[i];
    // Instants that the run did not get to, since it was stopped, are not made up for here.
    const bool due_now =
        expectation.when == When::finally ||
        (expectation.when == When::during && expectation.metric.info->read == nullptr);
    if (due_now) judge(i);
    const Finding& finding = findings_[i];
    ExpectationResult result{expectation.name,     expectation.place.line, finding.passed,
                             expectation.expected, finding.measured,       {},
                             std::nullopt};
    result.metric = expectation.metric.source;
    result.unit = std::string(unit_of(expectation.metric));
    result.nodes = expectation.nodes.has_value();
    result.bounds = {expectation.comparison, expectation.low, expectation.high};
    if (expectation.comparison == Comparison::near) {
      result.near = Near{expectation.value, expectation.gate};
    }
    for (const std::string& node : finding.nodes) {
      result.detail += (result.detail.empty() ? "held by " : ", ") + node;
    }
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace macula::sim
