// `macula-sim run`: runs scenario files and judges each.
#pragma once

#include <string>
#include <vector>

#include "sim/cli/options.h"
#include "sim/study/batch.h"

namespace macula::sim {

// The arguments after `run`; returns the exit code.
[[nodiscard]] int run_run(const Kit& kit, const std::vector<std::string>& arguments);

// All runs of a batch, with their output; returns the exit code. A run that crashes costs no other.
[[nodiscard]] int run_batch(const Batch& batch, const RunArguments& arguments);

}  // namespace macula::sim
