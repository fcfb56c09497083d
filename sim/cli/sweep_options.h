// The arguments of `macula-sim sweep`, read and checked.
//
//   auto arguments = parse_sweep_arguments({"heal.toml", "--grid", "protocol.alpha=1,3", "--seeds",
//                                           "1..20", "--out", "alpha"});
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "base/command_line/manual.h"
#include "sim/cli/options.h"
#include "sim/scenario/sweep.h"

namespace macula::sim {

struct SweepArguments {
  RunArguments run;             // of one file; nothing in it asks for more than a store
  std::vector<SweepAxis> axes;  // of --grid, each key once
  bool mpi = false;             // the ranks of an mpirun do the runs
  std::string csv_file;         // empty: not asked for
};

// The error is one line for a person.
[[nodiscard]] tl::expected<SweepArguments, std::string> parse_sweep_arguments(
    const std::vector<std::string>& arguments);

[[nodiscard]] CommandManual sweep_manual();

}  // namespace macula::sim
