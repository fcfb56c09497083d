// The course of runs over time, as a page draws it.
#pragma once

#include "sim/report/group.h"
#include "sim/report/page_json.h"

namespace macula::sim {

// The page of one run that has a timeline.
[[nodiscard]] PageJson timeline_page(const RunResult& run);

// The page of all runs of a group together, on the mean; null where none has a timeline. Faults and
// expectations are those of its first run.
[[nodiscard]] PageJson timeline_page(const Group& group);

}  // namespace macula::sim
