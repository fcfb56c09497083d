#include "sim/run/run.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "base/check_context.h"
#include "sim/run/churner.h"
#include "sim/run/invariants.h"
#include "sim/run/judge.h"
#include "sim/run/operations.h"
#include "sim/run/recorder.h"
#include "sim/run/timeline_recorder.h"
#include "sim/run/trace.h"
#include "sim/run/world.h"

namespace macula::sim {
namespace {

// The remarks of both, by line.
std::vector<Remark> in_order(std::vector<Remark> all, std::vector<Remark> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  std::stable_sort(all.begin(), all.end(),
                   [](const Remark& a, const Remark& b) { return a.line < b.line; });
  return all;
}

// Those that it has not got yet.
void add_checkpoints(const EventLog& log, RunResult& result) {
  for (std::size_t i = result.checkpoints.size(); i < log.checkpoints().size(); ++i) {
    const EventLog::Mark& mark = log.checkpoints()[i];
    result.checkpoints.push_back({mark.events, to_ns(mark.time), mark.digest});
  }
}

// The network's counts. A run that broke off has them as well: they are set at the end of its life.
class Counts {
 public:
  Counts(const Network& network, RunResult& result) : network_(network), result_(result) {}
  ~Counts() {
    const EventLog& log = network_.log();
    result_.digest = log.digest();
    result_.virtual_ns = to_ns(network_.now());
    result_.events = log.events();
    result_.messages = log.messages();
    add_checkpoints(log, result_);
  }
  Counts(const Counts&) = delete;
  Counts& operator=(const Counts&) = delete;

 private:
  const Network& network_;
  RunResult& result_;
};

// How much time the parts of a run take between which it can be stopped: a thousandth of it, and
// less where much happens.
class Parts {
 public:
  explicit Parts(Duration whole)
      : longest_(std::max(whole / 1000, Duration{1})),
        next_(std::max(longest_ / 1024, Duration{1})) {}

  [[nodiscard]] Duration next() const { return next_; }
  // So many events happened in the last one.
  void took(std::uint64_t events) {
    if (events > kMany) {
      next_ = std::max(next_ / 2, Duration{1});
    } else if (events < kMany / 4) {
      next_ = std::min(next_ * 2, longest_);
    }
  }

 private:
  static constexpr std::uint64_t kMany = EventLog::kCheckpointEvents;

  Duration longest_;
  Duration next_;
};

// To the end of the run, in parts between which it can be stopped. Parts change nothing of what
// happens. False: it ended early, and `result` says why.
bool run_to_end(Network& network, const Scenario& scenario, const RunOptions& options,
                RunResult& result) {
  const Time end = kTimeZero + scenario.duration;
  Parts parts(scenario.duration);
  bool in_time = true;
  while ((options.stop || options.enough) && in_time && network.now() < end) {
    const std::uint64_t before = network.log().events();
    in_time = network.run_until(std::min(network.now() + parts.next(), end));
    parts.took(network.log().events() - before);
    result.interrupted = options.stop && options.stop();
    if (result.interrupted) {
      result.stopped = "interrupted";
      return false;
    }
    if (options.enough) add_checkpoints(network.log(), result);
    if (options.enough && options.enough(result.checkpoints)) {
      result.stopped = "no more of it was wanted";
      return false;
    }
  }
  if (in_time) in_time = network.run_until(end);
  if (!in_time) {
    result.stopped = "the limit of " + std::to_string(scenario.max_events) + " events was reached";
  }
  return in_time;
}

void run_in_world(const Scenario& scenario, const RunOptions& options, RunResult& result) {
  World world(scenario, result.seed, options.world);
  Network& network = world.network();
  const Counts counts(network, result);
  Recorder recorder(world);
  std::optional<Trace> trace;
  if (options.trace != nullptr || options.pcap != nullptr || options.trace_form != nullptr) {
    trace.emplace(world, TraceOutputs{options.trace, options.pcap, options.trace_form},
                  options.trace_only, options.traced);
  }

  std::optional<TimelineRecorder> timeline;
  if (options.pictures) timeline.emplace(world);

  const auto on_end = [&](const Operation& ended) {
    recorder.on_operation(ended);
    if (timeline) timeline->on_operation(ended);
    if (trace) trace->on_ended(ended);
  };
  Operations operations(world, on_end, options.drawn);
  if (trace) {
    operations.on_begun([&](const Operation& begun, const OperationNames& names) {
      trace->on_begun(begun, names);
    });
  }
  world.on_crash([&](NodeNumber node) { operations.on_crash(node); });
  Invariants invariants(world, operations, result);
  world.community().watch(
      world, {recorder, trace ? &*trace : nullptr,
              options.invariants && invariants.watch() ? &invariants : nullptr, options.counts});

  Churner churner(world, options.drawn);
  churner.schedule_all();
  operations.schedule_all();
  if (options.witness) options.witness(world);
  Judge judge(world, operations, recorder);
  judge.schedule();
  if (timeline) timeline->schedule();
  if (options.look) {
    network.look_at(kTimeZero + options.look->at, [&] { options.look->see(world); });
  }
  const bool in_time = run_to_end(network, scenario, options, result);
  if (result.interrupted) return;
  if (options.invariants) invariants.look();
  operations.end_all();
  recorder.sample_nodes();

  result.expectations = judge.verdicts();
  result.errors = in_order(operations.log().errors(), churner.errors());
  result.notes = in_order(operations.log().notes(), operations.faults().notes());
  result.unfinished = recorder.unfinished();
  result.passed = in_time && result.errors.empty() && result.violations.empty() &&
                  std::all_of(result.expectations.begin(), result.expectations.end(),
                              [](const ExpectationResult& e) { return e.passed; });
  if (timeline) {
    result.timeline = timeline->timeline();
    recorder.histograms_to(result);
  }
  recorder.summarise_to(result);
  if (trace && in_time) trace->end();
}

}  // namespace

RunResult result_of(const Scenario& scenario, std::uint64_t seed, std::string_view world) {
  RunResult result;
  result.scenario = scenario.name;
  result.file = scenario.file;
  result.hash = scenario.hash;
  result.overrides = scenario.overrides;
  result.seed = seed;
  result.world = world;
  result.profile = scenario.profile;
  return result;
}

RunResult run_scenario(const Scenario& scenario, std::uint64_t seed, const RunOptions& options) {
  RunResult result = result_of(scenario, seed, options.world.name);
  result.record = scenario.record;
  const auto failure = contain_checks([&] { run_in_world(scenario, options, result); });
  if (failure) {
    result.passed = false;
    result.crash = failure->text;
  }
  return result;
}

}  // namespace macula::sim
