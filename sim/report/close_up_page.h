// One run from nearby, as a page tells it: single lookups, routing tables, nodes that stand out.
#pragma once

#include "sim/report/group.h"
#include "sim/report/page_json.h"

namespace macula::sim {

// So many requests of a lookup are told, those that were sent first.
inline constexpr std::size_t kRequestsTold = 64;

// The page of a group that has a close-up.
[[nodiscard]] PageJson close_up_page(const Group& group);

}  // namespace macula::sim
