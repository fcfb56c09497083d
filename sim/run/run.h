// Runs a scenario and judges it.
//
//   RunResult result = run_scenario(scenario, scenario.seed, {});
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
#include <string_view>
#include <vector>

#include "sim/run/drawn_run.h"
#include "sim/run/node_counts.h"
#include "sim/run/trace_filter.h"
#include "sim/run/world_kind.h"
#include "sim/scenario/result.h"
#include "sim/scenario/scenario.h"

namespace macula::sim {

class TraceForm;
class World;

// At the world of a run, once all that happens up to then has happened. It is no event.
struct Look {
  Duration at{0};
  std::function<void(World&)> see;
};

struct RunOptions {
  std::ostream* trace = nullptr;    // JSON lines: docs/traces.md
  TraceForm* trace_form = nullptr;  // is told what stands in these lines
  std::ostream* pcap = nullptr;     // the messages of these lines: sim/run/capture.h
  TraceFilter trace_only{};         // of them; the scenario has what it names
  EventRange traced{};              // and of these events alone
  WorldKind world = virtual_world();
  bool pictures = false;         // also what they are drawn from: over time, and distributions
  bool invariants = true;        // false: nobody looks at them, to measure what that costs
  DrawnRun* drawn = nullptr;     // what is drawn is written down there
  NodeCounts* counts = nullptr;  // what each node has to do is counted there
  // Shown the world before anything happens in it; may look at it later (Network::look_at).
  std::function<void(World&)> witness;
  std::optional<Look> look;
  // Asked a thousand times a run, and as often as some thousand events have happened; where true,
  // the run ends early: as interrupted, or since no more of it is wanted.
  std::function<bool()> stop;
  std::function<bool(const std::vector<Checkpoint>& so_far)> enough;
};

// The result of a run that has not begun: its scenario, seed and world.
[[nodiscard]] RunResult result_of(const Scenario& scenario, std::uint64_t seed,
                                  std::string_view world);

// A check that fails in it (base/check.h) ends the run and no other; the result says so.
// Deterministic in scenario and seed but for wall_ns, except in real time. Safe to call from
// several threads at once on one scenario, which it does not change.
[[nodiscard]] RunResult run_scenario(const Scenario& scenario, std::uint64_t seed,
                                     const RunOptions& options);

}  // namespace macula::sim
