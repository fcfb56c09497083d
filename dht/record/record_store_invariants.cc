// The invariants of a record store after every operation.
#include <algorithm>
#include <map>
#include <string>

#include "dht/record/record_store.h"

namespace macula::dht {

Violation RecordStore::violation() const {
  if (values_.size() > limits_.keys) {
    return "it holds " + std::to_string(values_.size()) + " keys, and may hold " +
           std::to_string(limits_.keys);
  }
  if (!is_within_limits()) {
    return "it holds " + std::to_string(bytes_) + " bytes, and may hold " +
           std::to_string(limits_.bytes);
  }
  std::size_t count = 0;
  std::size_t bytes = 0;
  for (const auto& [key, entries] : values_) {
    if (Violation wrong = list_violation(entries)) return wrong;
    count += entries.size();
    for (const Entry& entry : entries) bytes += entry.bytes;
  }
  if (count != entries_ || bytes != bytes_) {
    return "it holds " + std::to_string(count) + " records of " + std::to_string(bytes) +
           " bytes, and counts " + std::to_string(entries_) + " of " + std::to_string(bytes_);
  }
  return limits_origins() ? share_violation() : Violation();
}

Violation RecordStore::list_violation(const Entries& entries) const {
  if (entries.empty()) return "a key has a place and no record";
  if (entries.size() > limits_.values_per_key) {
    return std::to_string(entries.size()) + " records lie under one key, which takes " +
           std::to_string(limits_.values_per_key);
  }
  for (auto entry = entries.begin(); entry != entries.end(); ++entry) {
    if (entry->packed > limits_.record_bytes) {
      return "a record has " + std::to_string(entry->packed) + " bytes, and may have " +
             std::to_string(limits_.record_bytes);
    }
    if (entry->published > entry->expires || (!entry->proof && entry->first > entry->expires)) {
      return "a record ends before it was published";
    }
    const auto same = [&](const Entry& earlier) { return earlier.same_origin(*entry); };
    if (std::any_of(entries.begin(), entry, same))
      return "two records of one origin lie under a key";
  }
  return {};
}

Violation RecordStore::share_violation() const {
  std::map<std::uint64_t, Usage> origins;
  for (const auto& [key, entries] : values_) {
    for (const Entry& entry : entries) {
      Usage& usage = origins[entry.origin];
      ++usage.entries;
      usage.bytes += entry.bytes;
    }
  }
  if (origins.size() != origins_.size()) {
    return "it holds records of " + std::to_string(origins.size()) + " origins, and counts " +
           std::to_string(origins_.size());
  }
  for (const auto& [origin, usage] : origins) {
    const auto counted = origins_.find(origin);
    if (counted == origins_.end() || counted->second.entries != usage.entries ||
        counted->second.bytes != usage.bytes) {
      return "what it counts of an origin is not what it holds of it";
    }
    if (usage.entries > 1 && usage.bytes > limits_.bytes) {
      return "the records of one origin are larger than all may be";
    }
  }
  return {};
}

}  // namespace macula::dht
