// The runs of one command: which scenarios with which seeds, and how one of them is done.
//
//   auto batch = make_batch(kit, campaign);
//   Outcome outcome = run_one(batch->runs[0], campaign, files);
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/run/trace.h"
#include "sim/scenario/scenario.h"
#include "sim/study/campaign.h"
#include "sim/study/ordered_pool.h"
#include "sim/study/outcome.h"

namespace macula::sim {

struct Run {
  const Scenario* scenario = nullptr;
  std::uint64_t seed = 0;
};

struct Batch {
  std::vector<Scenario> scenarios;
  std::vector<Run> runs;  // in order of path, then seed; they point into `scenarios`
  std::string warnings;   // of all files, for a person

  Batch() = default;
  Batch(Batch&&) = default;
  Batch& operator=(Batch&&) = default;
};

// Files that one run writes for itself; empty: not asked for.
struct RunFiles {
  std::string result;      // JSON
  std::string trace;       // of any form; JSON lines where there is a second one
  std::string trace_copy;  // a second one, of any form
  std::string pcap;
  EventRange traced{};  // of these events alone
  // Asked as it runs; true: no more of it is wanted (RunOptions::enough).
  std::function<bool(const std::vector<Checkpoint>&)> enough{};
};

// Reads every file before anything runs; with `strict` a warning is an error. The error is all that
// is wrong with them, for a person.
[[nodiscard]] tl::expected<Batch, std::string> make_batch(const Kit& kit, const Campaign& campaign);

// Runs it in the world asked for, once or (`verify`) twice, and writes its files. Once `stop`
// returns true it ends early, as `interrupted`. Safe on several threads at once.
[[nodiscard]] Outcome run_one(const Run& run, const Campaign& campaign, const RunFiles& files,
                              const std::function<bool()>& stop);

// The same on a thread of a pool, into `outcome`: where a check of the program fails in it, that
// run has crashed, its thread is given up, and no other run is lost.
void run_on_thread(const Run& run, const Campaign& campaign, const RunFiles& files,
                   const std::function<bool()>& stop, const GiveUpThread& give_up,
                   Outcome& outcome);

}  // namespace macula::sim
