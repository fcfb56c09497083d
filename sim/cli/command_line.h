// The command line of `macula-sim`, for any protocol: finds the command and hands it its arguments.
// Each command is a file of its own; a program may have more than every kit has.
//
//     int main(int argc, char** argv) { return macula::sim::run_command_line(kit, argc, argv); }
#pragma once

#include <vector>

#include "sim/cli/manual.h"
#include "sim/scenario/kit.h"

namespace macula::sim {

// The kit stays where it is. Returns the exit code.
[[nodiscard]] int run_command_line(const Kit& kit, int argc, char** argv,
                                   const std::vector<Command>& own = {});

}  // namespace macula::sim
