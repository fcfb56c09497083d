#include "dht/table_upkeep.h"

#include <algorithm>

#include "dht/wire/codec.h"

namespace macula::dht {
namespace {

// Buckets that are due together follow each other at this part of the interval, so that a node that
// comes back after hours does not refresh all of them at once.
constexpr int kRefreshesPerInterval = 64;

}  // namespace

TableUpkeep::TableUpkeep(Context& context, Searches& searches, Maintenance& maintenance)
    : context_(&context), searches_(&searches), maintenance_(&maintenance) {
  maintenance.add(Chore::refresh, *this);
}

void TableUpkeep::start() {
  maintenance_->want(Chore::refresh, context_->protocol.refresh_interval);
}

Turn TableUpkeep::take_turn(Chore) {
  return refresh();
}

Turn TableUpkeep::refresh() {
  const BucketAges::Oldest oldest = context_->looked_up.oldest(context_->table.bucket_count());
  const Duration age = context_->host.now() - oldest.time;
  if (age < context_->protocol.refresh_interval / 2) return {0, next_refresh()};
  const NodeId target = context_->random_id_in(static_cast<int>(oldest.bucket));
  searches_->start({target, Searches::Kind::find_node, std::nullopt, {}},
                   [this](SearchResult& result) { refresh_ended(result); });
  return {};
}

void TableUpkeep::refresh_ended(const SearchResult& result) {
  const wire::Message query = wire::FindNode{context_->self_id()};
  maintenance_->spent(Chore::refresh,
                      result.stats.rpcs * wire::encoded_size(query, context_->book));
  maintenance_->want(Chore::refresh, next_refresh());
}

Duration TableUpkeep::next_refresh() const {
  const Duration interval = context_->protocol.refresh_interval;
  const BucketAges::Oldest oldest = context_->looked_up.oldest(context_->table.bucket_count());
  return std::max(oldest.time + interval - context_->host.now(), interval / kRefreshesPerInterval);
}

}  // namespace macula::dht
