#include "sim/macula/judging.h"

#include <algorithm>

#include "sim/macula/community.h"
#include "sim/macula/findings.h"
#include "sim/macula/returned.h"

namespace macula::sim {

void add_search(Running running, const dht::SearchResult& search, bool for_nodes,
                const dht::NodeId& target) {
  if (search.stats.rpcs == 0) return;
  MaculaCommunity& nodes = macula(running.world());
  Findings& findings = findings_of(running.operation());
  findings.search = search.stats;
  findings.search_elapsed = search.elapsed;
  if (!for_nodes) return;
  const NodeNumber by = running.by();
  const auto truth = nodes.directory().closest(
      target, nodes.protocol(by).k, [&](NodeNumber node) { return node != by && nodes.up(node); });
  if (truth.empty()) return;
  std::vector<NodeNumber> found;
  // The list of rule no_change counts as it is: the last round asked only some of it.
  const auto& result = search.heard.empty() ? search.closest : search.heard;
  found.reserve(result.size());
  for (const dht::ContactRef ref : result) found.push_back(nodes.network().node_of(ref));
  const auto hits = std::count_if(truth.begin(), truth.end(), [&](NodeNumber node) {
    return std::find(found.begin(), found.end(), node) != found.end();
  });
  findings.recall_ppm =
      static_cast<std::uint32_t>(static_cast<std::size_t>(hits) * 1'000'000 / truth.size());
}

void end_store(Running running, const dht::StoreResult& result, const dht::Key& key,
               const char* otherwise) {
  add_search(running, result.search, true, key);
  running.end(result.stored ? "" : otherwise, word_of(result, macula(running.world()).book()));
}

void end_find(Running running, const dht::FindResult& found, const dht::Key& key) {
  add_search(running, found.search, false, key);
  Operation& operation = running.operation();
  if (!found.values.empty()) {
    if (const auto* text = found.values.front()->as_bytes()) operation.answer = *text;
  }
  const RecordOracle& records = macula(running.world()).records();
  operation.correct = records.may_return(key, operation.by, operation.started, found.values);
  findings_of(operation).stale = std::any_of(
      found.values.begin(), found.values.end(),
      [&](const auto& value) { return records.writes().is_stale(key, *value, operation.started); });
  running.end(error_of(found), word_of(found, macula(running.world()).book()));
}

}  // namespace macula::sim
