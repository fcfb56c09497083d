// What operations are judged by: what was stored, and who the closest nodes are.
#include <algorithm>

#include "sim/run/operations.h"

namespace macula::sim {

void Operations::add_search(Operation& operation, const dht::SearchResult& search, bool for_nodes,
                            const dht::NodeId& target) {
  if (search.stats.rpcs == 0) return;
  operation.search = search.stats;
  operation.search_elapsed = search.elapsed;
  if (!for_nodes) return;
  const NodeNumber by = operation.by;
  const auto truth =
      world_->directory().closest(target, world_->protocol(by).k,
                                  [&](NodeNumber node) { return node != by && world_->up(node); });
  if (truth.empty()) return;
  std::vector<NodeNumber> found;
  // The list of rule no_change counts as it is: the last round asked only some of it.
  const auto& result = search.heard.empty() ? search.closest : search.heard;
  found.reserve(result.size());
  for (const dht::ContactRef ref : result) found.push_back(world_->network().node_of(ref));
  const auto hits = std::count_if(truth.begin(), truth.end(), [&](NodeNumber node) {
    return std::find(found.begin(), found.end(), node) != found.end();
  });
  operation.recall_ppm =
      static_cast<std::uint32_t>(static_cast<std::size_t>(hits) * 1'000'000 / truth.size());
}

void Operations::judge_find(Operation& operation, const dht::Key& key,
                            const dht::FindResult& found) {
  add_search(operation, found.search, false, key);
  if (!found.values.empty()) {
    if (const auto* text = found.values.front()->as_bytes()) operation.answer = *text;
  }
  const Writes& writes = records_.writes();
  operation.correct = records_.may_return(key, operation.by, operation.started, found.values);
  operation.stale = std::any_of(found.values.begin(), found.values.end(), [&](const auto& value) {
    return writes.is_stale(key, *value, operation.started);
  });
}

}  // namespace macula::sim
