#include "sim/scenario/run.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/churner.h"
#include "sim/scenario/judge.h"
#include "sim/scenario/operations.h"
#include "sim/scenario/recorder.h"
#include "sim/scenario/trace.h"
#include "sim/scenario/world.h"

namespace macula::sim {
namespace {

// In a small world invariants are checked this many times a run, in a large one at its end only.
constexpr int kInvariantChecks = 16;
constexpr std::size_t kSmallWorld = 1000;

void schedule_invariant_checks(World& world) {
  if (world.size() > kSmallWorld) return;
  for (int i = 1; i < kInvariantChecks; ++i) {
    world.network().look_at(kTimeZero + world.scenario().duration * i / kInvariantChecks,
                            [&world] { world.check_invariants(); });
  }
}

// Of both, by line.
std::vector<Remark> in_order(std::vector<Remark> all, std::vector<Remark> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  std::stable_sort(all.begin(), all.end(),
                   [](const Remark& a, const Remark& b) { return a.line < b.line; });
  return all;
}

}  // namespace

RunResult run_scenario(const Scenario& scenario, std::uint64_t seed, const RunOptions& options) {
  World world(scenario, seed, options.world);
  Network& network = world.network();
  Recorder recorder(world);
  std::optional<Trace> trace;
  if (options.trace != nullptr) trace.emplace(world, *options.trace, recorder);

  Operations operations(world, [&](const Operation& ended) {
    recorder.on_operation(ended);
    if (trace) trace->on_operation(ended);
  });
  world.listen({[&](NodeNumber node) { recorder.on_served(node); },
                [&](NodeNumber node) { operations.on_crash(node); },
                [&](NodeNumber node, const dht::Key& key, const dht::wire::SharedValue& value) {
                  operations.on_republished(node, key, value);
                },
                [&](std::size_t bytes) { recorder.on_chore(bytes); }});
  operations.records().listen([&](const std::string& label, Time stored, Duration age, bool lost) {
    recorder.on_record(label, stored, age, lost);
  });
  recorder.on_forward([&](const dht::wire::CallId& call) { operations.on_forward(call); });
  if (trace) {
    network.observe(&*trace);
  } else if (recorder.watches_messages()) {
    network.observe(&recorder);
  }

  Churner churner(world);
  churner.schedule_all();
  operations.schedule_all();
  Judge judge(world, operations, recorder);
  judge.schedule();
  schedule_invariant_checks(world);
  const bool in_time = network.run_until(kTimeZero + scenario.duration);
  world.check_invariants();
  operations.end_all();
  recorder.sample_nodes();

  RunResult result;
  result.scenario = scenario.name;
  result.file = scenario.file;
  result.seed = seed;
  result.world = options.world.name;
  result.profile = scenario.profile;
  result.record = scenario.record;
  result.expectations = judge.verdicts();
  result.errors = in_order(operations.log().errors(), churner.errors());
  result.notes = in_order(operations.log().notes(), operations.faults().notes());
  result.unfinished = recorder.unfinished();
  result.passed = in_time && result.errors.empty() &&
                  std::all_of(result.expectations.begin(), result.expectations.end(),
                              [](const ExpectationResult& e) { return e.passed; });
  if (!in_time) {
    result.stopped = "the limit of " + std::to_string(scenario.max_events) + " events was reached";
  }
  result.digest = network.log().digest();
  result.virtual_ns = to_ns(network.now());
  result.events = network.log().events();
  result.messages = network.log().messages();
  result.metrics = recorder.summaries();
  for (const auto& mark : network.log().checkpoints()) {
    result.checkpoints.push_back({mark.events, to_ns(mark.time), mark.digest});
  }
  return result;
}

}  // namespace macula::sim
