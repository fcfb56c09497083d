#include "dht/record/ended_versions.h"

#include <algorithm>
#include <string>

#include "dht/record/record_life.h"

namespace macula::dht {

Key EndedVersions::name_of(const Key& key, const RecordEntry& entry) {
  std::string text = id_to_bytes(key);
  text.append(reinterpret_cast<const char*>(entry.proof->owner.data()), entry.proof->owner.size());
  text += entry.provider;
  return hash_id(text);
}

void EndedVersions::note(const Key& key, const RecordEntry& entry, Time now) {
  if (!entry.proof) return;
  make_room(now);
  const Key name = name_of(key, entry);
  Version& version = ended_[name];
  version.sequence = std::max(version.sequence, entry.proof->sequence);
  renew(version, name, now);
}

bool EndedVersions::replayed(const Key& key, const RecordEntry& entry, Time now) {
  if (!entry.proof || ended_.empty()) return false;
  const Key name = name_of(key, entry);
  const auto known = ended_.find(name);
  if (known == ended_.end() || known->second.until <= now) return false;
  if (entry.proof->sequence > known->second.sequence) return false;
  renew(known->second, name, now);
  return true;
}

void EndedVersions::renew(Version& version, const Key& name, Time now) {
  order_.erase({version.until, name});
  version.until = now + kLongestLife;
  order_.insert({version.until, name});
}

void EndedVersions::make_room(Time now) {
  while (!order_.empty() && (order_.begin()->first <= now || ended_.size() >= kLimit)) {
    ended_.erase(order_.begin()->second);
    order_.erase(order_.begin());
  }
}

}  // namespace macula::dht
