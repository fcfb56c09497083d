#include "dht/record/seen_versions.h"

#include <algorithm>

#include "base/hash.h"
#include "dht/record/record_store.h"

namespace macula::dht {

SeenVersions::Origin SeenVersions::origin_of(const Key& key, const wire::Record& record) {
  return {key, record.proof->owner, hash_bytes(provider_of(record.value))};
}

bool SeenVersions::outdated(const Key& key, const wire::Record& record) const {
  if (!seen_ || !record.proof) return false;
  const auto seen = seen_->find(origin_of(key, record));
  return seen != seen_->end() && seen->second.sequence > record.proof->sequence;
}

void SeenVersions::saw(const Key& key, const wire::Record& record, Time until, Time now) {
  if (!record.proof) return;
  if (!seen_) seen_ = std::make_unique<Versions>();
  const Origin origin = origin_of(key, record);
  if (seen_->find(origin) == seen_->end()) make_room(now);
  Version& version = (*seen_)[origin];
  if (record.proof->sequence < version.sequence) return;
  version = {record.proof->sequence, std::max(version.until, until)};
}

void SeenVersions::make_room(Time now) {
  if (seen_->size() < kLimit) return;
  for (auto at = seen_->begin(); at != seen_->end();) {
    at = at->second.until <= now ? seen_->erase(at) : std::next(at);
  }
  if (seen_->size() < kLimit) return;
  seen_->erase(std::min_element(seen_->begin(), seen_->end(), [](const auto& a, const auto& b) {
    return a.second.until < b.second.until;
  }));
}

}  // namespace macula::dht
