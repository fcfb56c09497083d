// `macula-sim compare`: one scenario under two settings, seed by seed.
#pragma once

#include <string>
#include <vector>

namespace macula::sim {

// The arguments after `compare`; returns the exit code.
[[nodiscard]] int run_compare(const std::vector<std::string>& arguments);

}  // namespace macula::sim
