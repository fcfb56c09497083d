// `macula-sim run`: runs scenario files and judges each.
#pragma once

#include <string>
#include <vector>

namespace macula::sim {

// The arguments after `run`; returns the exit code.
[[nodiscard]] int run_run(const std::vector<std::string>& arguments);

}  // namespace macula::sim
