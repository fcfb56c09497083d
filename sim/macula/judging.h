// The data by which operations are judged: the stored values, and the closest nodes.
#pragma once

#include "dht/node/node.h"
#include "sim/run/act.h"

namespace macula::sim {

// Notes of the operation what its search did. `for_nodes`: the search was for the nodes closest to
// `target`, and is held against those that are.
void add_search(Running running, const dht::SearchResult& search, bool for_nodes,
                const dht::NodeId& target);

// Ends an operation that was to put something under the key at the closest nodes; where it did not,
// with the error `otherwise`.
void end_store(Running running, const dht::StoreResult& result, const dht::Key& key,
               const char* otherwise);

// Ends a find or a discovery, judged by what was written under the key.
void end_find(Running running, const dht::FindResult& found, const dht::Key& key);

}  // namespace macula::sim
