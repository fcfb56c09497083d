// What operations are judged by: what was stored, and who the closest nodes are.
#include <algorithm>
#include <cstring>
#include <utility>

#include "dht/provider.h"
#include "dht/record_reading.h"
#include "sim/scenario/operations.h"

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

// The owner of a signed record is known here by its number.
void Operations::remember(const dht::Key& key, dht::wire::SharedValue value, NodeNumber by,
                          bool sign) {
  const dht::Protocol& protocol = world_->protocol(by);
  const Time now = world_->network().now();
  dht::RecordStore::Offer offer;
  offer.record.value = std::move(value);
  if (sign) {
    dht::wire::Proof proof;
    std::memcpy(proof.owner.data(), &by, sizeof by);
    proof.sequence = ++versions_;
    offer.record.proof = std::make_shared<const dht::wire::Proof>(proof);
    signed_.insert({key, by});
  }
  offer.published = now;
  if (protocol.expiry) offer.expires = now + protocol.ttl;
  stored_.put(key, std::move(offer), now);
}

void Operations::forget(const dht::Key& key, NodeNumber by, bool provider) {
  dht::wire::SharedValue value;
  std::optional<dht::wire::Proof> proof;
  if (provider) {
    value = dht::make_provider_record(world_->book().contact(world_->contact(by)), {}, {});
  } else if (signed_.erase({key, by}) != 0) {
    proof.emplace();
    std::memcpy(proof->owner.data(), &by, sizeof by);
  }
  stored_.remove(key, value, proof ? &*proof : nullptr);
}

void Operations::judge_find(Operation& operation, const dht::Key& key,
                            const dht::FindResult& found) {
  add_search(operation, found.search, false, key);
  if (!found.values.empty()) {
    if (const auto* text = found.values.front()->as_bytes()) operation.answer = *text;
  }
  const dht::RecordReading stored(key, stored_.find(key), {}, world_->protocol(operation.by),
                                  world_->network().now());
  const auto expected = stored.values();
  const auto same = [](const dht::wire::SharedValue& a, const dht::wire::SharedValue& b) {
    return *a == *b;
  };
  operation.correct = std::is_permutation(expected.begin(), expected.end(), found.values.begin(),
                                          found.values.end(), same);
}

}  // namespace macula::sim
