// Whether two runs of one scenario and seed were the same run.
#pragma once

#include <optional>
#include <string>

#include "sim/scenario/result.h"

namespace macula::sim {

// Where the two part, for a person: the last checkpoint that they share and the first that they do
// not, or the first part of the result that differs. Nothing where they are the same but for
// wall_ns.
[[nodiscard]] std::optional<std::string> first_difference(const RunResult& a, const RunResult& b);

}  // namespace macula::sim
