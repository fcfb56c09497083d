// `macula-sim run`: runs scenario files and judges each.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "sim/cli/options.h"
#include "sim/study/batch.h"
#include "sim/study/dealt_runs.h"

namespace macula::sim {

// The arguments after `run`; returns the exit code.
[[nodiscard]] int run_run(const Kit& kit, const std::vector<std::string>& arguments);

// Each run that came to its end, by its position in the batch, in order.
using SeeRun = std::function<void(std::size_t, const Outcome&)>;

// The runs of the batch's shard, with their output; returns the exit code. A run that crashes costs
// no other. `crew`: the ranks that do the runs, where this is rank 0 of an mpirun.
[[nodiscard]] int run_batch(const Batch& batch, const RunArguments& arguments,
                            const SeeRun& see = {}, Crew* crew = nullptr);

}  // namespace macula::sim
