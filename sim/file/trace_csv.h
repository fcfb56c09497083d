// The churn trace: a CSV file of when which node went up and down.
//
//     time,node,event
//     90s,eu#3,down
//     2min30s,eu#3,up
//
// A node whose first event is `up` is down before it. The events of one node alternate. Empty lines
// and lines that begin with # are skipped.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/file/csv_problems.h"
#include "sim/file/selector_parse.h"
#include "sim/scenario/scenario.h"

namespace macula::sim {

// In order of time, then of the file. `file` names the text in errors; `applies_to` is what nodes
// must belong to.
[[nodiscard]] tl::expected<std::vector<TraceEvent>, Diagnostics> parse_trace_csv(
    const std::string& text, const std::string& file, const PopulationNames& names,
    const Selector& applies_to);

}  // namespace macula::sim
