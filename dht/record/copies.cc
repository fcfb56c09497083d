#include "dht/record/copies.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/hash.h"
#include "dht/record/record_life.h"

namespace macula::dht {
namespace {

// More would not fit a frame.
constexpr std::size_t kMostLeft = std::size_t{960} << 10;

}  // namespace

std::optional<wire::LeaveCopy> copy_to_leave(const Key& key, ContactRef lacking,
                                             const std::vector<FoundRecords>& answers,
                                             const std::vector<RecordStore::Entry>& newest,
                                             const ContactBook& book, Time now) {
  if (lacking == kNoContact) return std::nullopt;
  int nearest_holder = -1;
  for (const FoundRecords& found : answers) {
    if (found.copy || found.outside || found.records.empty()) continue;
    nearest_holder = std::max(nearest_holder, bucket_index(key, book.id(found.from)));
  }
  if (nearest_holder < 0) return std::nullopt;
  wire::LeaveCopy copy{key, 0, {}};
  Duration keep = Duration::max();
  std::size_t bytes = 0;
  for (const RecordStore::Entry& entry : newest) {
    if (!entry.live(now) || entry.expires == kTimeMax) continue;
    bytes += entry.bytes;
    keep = std::min(keep, entry.expires - now);
    copy.records.push_back(tell(entry, now));
  }
  if (copy.records.empty() || bytes > kMostLeft) return std::nullopt;
  const int halvings = nearest_holder - bucket_index(key, book.id(lacking));
  keep /= std::int64_t{1} << std::clamp(halvings, 0, 62);
  if (keep < kShortestCopy) return std::nullopt;
  copy.keep_ms = whole_ms(keep);
  return copy;
}

std::vector<RecordStore::Entry> entries_of(const wire::LeaveCopy& copy, const Protocol& protocol,
                                           Time now) {
  std::vector<RecordStore::Entry> entries;
  for (const wire::Record& record : copy.records) {
    if (entries.size() == RecordStore::kMostOrigins) break;
    if (!record.value || record.lifetime_ms == 0 || record.withdrawn) continue;
    if (lives_too_long(record, protocol)) continue;
    const Life life = life_of(record, now, protocol);
    auto entry = RecordStore::Entry::of(record, life.published, life.expires, life.first);
    if (entry.live(now)) entries.push_back(std::move(entry));
  }
  return entries;
}

// ----- who was asked -----

void CopyRequests::ask(const Key& key, const NodeId& finder, Time now) {
  if (!asked_) asked_ = std::make_unique<Ring>();
  asked_->requests[asked_->next] = {mix(fold(key), fold(finder)), now + kPatience};
  asked_->next = (asked_->next + 1) % kMost;
}

bool CopyRequests::take(const Key& key, const NodeId& finder, Time now) {
  if (!asked_) return false;
  const std::uint64_t name = mix(fold(key), fold(finder));
  for (Request& request : asked_->requests) {
    if (request.name != name || request.until <= now) continue;
    request = {};
    return true;
  }
  return false;
}

// ----- copies -----

void Copies::put(const Key& key, std::vector<RecordStore::Entry> entries, Time until, Time now) {
  std::size_t bytes = 0;
  for (const RecordStore::Entry& entry : entries) bytes += entry.bytes;
  drop(key);
  if (entries.empty() || bytes > kMostBytes || until <= now) return;
  if (!copies_) copies_ = std::make_unique<ByKey>();
  make_room(bytes, now);
  copies_->emplace(key, Copy{std::move(entries), bytes, until});
  bytes_ += bytes;
}

const std::vector<RecordStore::Entry>* Copies::find(const Key& key, Time now) const {
  if (!copies_) return nullptr;
  const auto copy = copies_->find(key);
  return copy != copies_->end() && copy->second.until > now ? &copy->second.entries : nullptr;
}

bool Copies::serves(const Key& key, Time now) const {
  return RecordStore::any_live(find(key, now), now);
}

void Copies::drop(const Key& key) {
  if (!copies_) return;
  const auto copy = copies_->find(key);
  if (copy != copies_->end()) drop(copy);
}

void Copies::drop(ByKey::iterator copy) {
  bytes_ -= copy->second.bytes;
  copies_->erase(copy);
}

void Copies::make_room(std::size_t bytes, Time now) {
  if (copies_->size() < kMostKeys && bytes_ + bytes <= kMostBytes) return;
  for (auto copy = copies_->begin(); copy != copies_->end();) {
    const auto next = std::next(copy);
    if (copy->second.until <= now) drop(copy);
    copy = next;
  }
  while (copies_->size() >= kMostKeys || bytes_ + bytes > kMostBytes) {
    drop(std::min_element(copies_->begin(), copies_->end(), [](const auto& a, const auto& b) {
      return a.second.until < b.second.until;
    }));
  }
}

Violation Copies::violation() const {
  if (size() > kMostKeys || bytes_ > kMostBytes) {
    return "it holds copies of " + std::to_string(size()) + " keys in " + std::to_string(bytes_) +
           " bytes, and may hold " + std::to_string(kMostKeys) + " in " +
           std::to_string(kMostBytes);
  }
  std::size_t bytes = 0;
  if (copies_) {
    for (const auto& [key, copy] : *copies_) {
      if (copy.entries.empty()) return "a copy has no record";
      bytes += copy.bytes;
    }
  }
  if (bytes == bytes_) return {};
  return "its copies have " + std::to_string(bytes) + " bytes, and it counts " +
         std::to_string(bytes_);
}

}  // namespace macula::dht
