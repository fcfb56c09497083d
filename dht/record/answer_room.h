// Which records of a key an answer holds, where not all fit into one frame.
//
//   for (const RecordEntry* entry : that_fit(entries, now)) ...
//
// A node that may store under a key could else make it unreadable: an answer that exceeds a frame
// is none. The best proven record comes first, so that a signed record is found whatever lies
// beside it.
#pragma once

#include <vector>

#include "dht/record/record_entry.h"

namespace macula::dht {

// In the order of `entries` where all that are not over fit; else the best proven first.
[[nodiscard]] std::vector<const RecordEntry*> that_fit(const std::vector<RecordEntry>& entries,
                                                       Time now);

}  // namespace macula::dht
