#include "dht/node/region_walker.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace macula::dht {

void RegionWalker::begin(const Key& key, Done done) {
  MACULA_CHECK(!under_way());
  done_ = std::move(done);
  walk_.emplace(context_->book, context_->self, key, context_->protocol.k);
  step();
}

void RegionWalker::step() {
  if (!walk_->done()) {
    Searches::Goal goal;
    goal.target = walk_->target();
    goal.deadline = context_->protocol.deadline;
    searches_->start(goal, [this](SearchResult& result) {
      spent_(query_bytes(result.stats, context_->book));
      walk_->add(result.closest);
      step();
    });
    return;
  }
  const std::optional<Region> region = walk_->region();
  walk_.reset();
  if (region) note(*region);
  const Done done = std::exchange(done_, nullptr);
  done(region ? &*region : nullptr);
}

// As nodes come and go, regions grow and shrink: what a new one overlaps with has gone.
void RegionWalker::note(const Region& region) {
  const Time now = context_->host.now();
  const auto gone = [&](const Walked& each) {
    return each.at + context_->protocol.republish_interval < now ||
           each.prefix.contains(region.prefix.first) || region.prefix.contains(each.prefix.first);
  };
  walked_.erase(std::remove_if(walked_.begin(), walked_.end(), gone), walked_.end());
  const auto place = std::find_if(walked_.begin(), walked_.end(), [&](const Walked& each) {
    return region.prefix.first < each.prefix.first;
  });
  walked_.insert(place, {region.prefix, region.nodes.size(), now});
}

}  // namespace macula::dht
