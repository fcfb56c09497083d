#include "dht/record/record_reading.h"

#include <algorithm>
#include <map>

#include "dht/record/record_life.h"
#include "dht/wire/msgpack.h"

namespace macula::dht {
namespace {

using Entry = RecordStore::Entry;

const std::vector<Entry> kNone;

bool tells(const wire::Record& record) {
  return record.lifetime_ms != 0;
}

// Whether `other` takes the place of `entry` in what is returned.
bool hides(const Entry& other, const Entry& entry) {
  if (&other == &entry || other.provider != entry.provider) return false;
  if (other.standing != entry.standing) return other.standing > entry.standing;
  // Equal values: the first one stays.
  return entry.provider.empty() && !other.withdrawn && &other < &entry;
}

// By provider, else by content: entries of two groups have nothing to do with each other. To
// compare each value with each other would let 128 large ones of one key cost a reader its time.
using Group = std::pair<std::string_view, NodeId>;

Group group_of(const Entry& entry) {
  if (!entry.provider.empty() || !entry.value) return {entry.provider, {}};
  return {{}, hash_id(wire::pack(*entry.value))};
}

}  // namespace

// In reverse, since the store puts the latest in front; what tells nothing of its age first, so
// that it gives way to what does.
RecordReading::RecordReading(const Key& key, const std::vector<Entry>* own,
                             const std::vector<FoundRecords>& found, const Protocol& protocol,
                             Time now)
    : key_(key), protocol_(&protocol), now_(now) {
  // Unsigned, and from somebody who is no holder: a holder's word counts more, but not where it is
  // that of an earlier write of the same writer.
  const bool by_holder =
      std::any_of(found.begin(), found.end(), [](const auto& from) { return !from.outside; });
  if (protocol.expiry) note_writes(own, found, by_holder);
  for (const bool telling : {false, true}) {
    for (std::size_t i = found.size(); i-- > 0;) {
      const FoundRecords& from = found[i];
      for (const auto* records : {&from.withdrawn, &from.records}) {
        for (std::size_t j = records->size(); j-- > 0;) {
          const wire::Record& record = (*records)[j];
          const bool told = tells(record) && protocol.expiry;
          const bool due = records == &from.withdrawn ? told && record.withdrawn : true;
          const bool counts = !from.outside || !by_holder || record.proof != nullptr ||
                              (told && write_of(record) != nullptr);
          if (record.value && due && counts && told == telling) add(record, from.at);
        }
      }
    }
  }
  if (own != nullptr) {
    for (std::size_t i = own->size(); i-- > 0;) {
      const Entry& entry = (*own)[i];
      RecordStore::Offer offer;
      offer.record.value = entry.value;
      offer.record.proof = entry.proof;
      offer.record.withdrawn = entry.withdrawn;
      offer.record.writer = entry.writer;
      offer.record.number = entry.number;
      offer.published = entry.published;
      offer.expires = entry.expires;
      put(std::move(offer), entry.first);
    }
  }
  newest_ = merged_.find(key_);
  if (newest_ == nullptr) newest_ = &kNone;
  if (protocol.expiry) find_repairs(found);
}

void RecordReading::add(const wire::Record& record, Time at) {
  RecordStore::Offer offer;
  offer.record.value = record.value;
  offer.published = now_;
  if (tells(record) && protocol_->expiry) {
    const Life life = life_of(record, at, *protocol_);
    offer.record = record;
    offer.published = life.published;
    offer.expires = life.expires;
    put(std::move(offer), life.first);
    return;
  }
  merged_.put(key_, std::move(offer), now_);
}

void RecordReading::put(RecordStore::Offer offer, Time first) {
  const Write* write = write_of(offer.record);
  if (write != nullptr && offer.record.number < write->number) return;
  offer.first = write != nullptr ? std::min(first, write->first) : first;
  merged_.put(key_, std::move(offer), now_);
}

void RecordReading::note_writes(const std::vector<Entry>* own,
                                const std::vector<FoundRecords>& found, bool by_holder) {
  const auto note = [&](const FoundRecords& from) {
    for (const auto* records : {&from.withdrawn, &from.records}) {
      for (const wire::Record& record : *records) {
        if (!tells(record) || record.proof || record.writer == 0) continue;
        if (from.outside && by_holder && write_of(record) == nullptr) continue;
        note_write({record.writer, provider_of(record.value), record.number,
                    life_of(record, from.at, *protocol_).first});
      }
    }
  };
  if (own != nullptr) {
    for (const Entry& entry : *own) {
      if (entry.writer != 0)
        note_write({entry.writer, provider_of(entry.value), entry.number, entry.first});
    }
  }
  for (const FoundRecords& from : found) {
    if (!from.outside) note(from);
  }
  for (const FoundRecords& from : found) {
    if (from.outside) note(from);
  }
}

void RecordReading::note_write(const Write& write) {
  for (Write& known : writes_) {
    if (known.writer != write.writer || known.provider != write.provider) continue;
    if (write.number == known.number) known.first = std::min(known.first, write.first);
    if (write.number > known.number) known = write;
    return;
  }
  writes_.push_back(write);
}

const RecordReading::Write* RecordReading::write_of(const wire::Record& record) const {
  if (record.writer == 0 || record.proof) return nullptr;
  const std::string_view provider = provider_of(record.value);
  const auto same = [&](const Write& write) {
    return write.writer == record.writer && write.provider == provider;
  };
  const auto known = std::find_if(writes_.begin(), writes_.end(), same);
  return known != writes_.end() ? &*known : nullptr;
}

std::vector<wire::SharedValue> RecordReading::values() const {
  std::vector<wire::SharedValue> values;
  if (newest_->size() == 1) {
    if (!newest_->front().withdrawn) values.push_back(newest_->front().value);
    return values;
  }
  std::map<Group, std::vector<const Entry*>> groups;
  for (const Entry& entry : *newest_) groups[group_of(entry)].push_back(&entry);
  std::vector<const Entry*> shown;
  for (const auto& [name, group] : groups) {
    for (const Entry* entry : group) {
      const bool hidden = std::any_of(group.begin(), group.end(),
                                      [&](const Entry* other) { return hides(*other, *entry); });
      if (!entry->withdrawn && !hidden) shown.push_back(entry);
    }
  }
  std::sort(shown.begin(), shown.end());  // as they stand in one list
  // A better proven record comes first: calls try providers in this order.
  std::stable_sort(shown.begin(), shown.end(),
                   [](const Entry* a, const Entry* b) { return a->standing > b->standing; });
  for (const Entry* entry : shown) values.push_back(entry->value);
  return values;
}

// Only nodes that tell of the life of their records understand the answer. A record of unknown age
// is not spread: it would be renewed by that.
void RecordReading::find_repairs(const std::vector<FoundRecords>& found) {
  for (const FoundRecords& from : found) {
    if (from.copy || from.outside) continue;
    const bool understands = std::any_of(from.records.begin(), from.records.end(), tells) ||
                             std::any_of(from.withdrawn.begin(), from.withdrawn.end(), tells);
    if (!understands) continue;
    for (const Entry& entry : *newest_) {
      if (entry.expires == kTimeMax || repairs_.size() == kMostRepairs) continue;
      if (lacks(from, entry)) repairs_.push_back({from.from, &entry});
    }
  }
}

bool RecordReading::lacks(const FoundRecords& found, const Entry& entry) const {
  for (const auto* records : {&found.records, &found.withdrawn}) {
    for (const wire::Record& record : *records) {
      if (!same_origin(record.value, record.proof.get(), entry.value, entry.proof.get())) continue;
      if (entry.proof) return record.proof->sequence < entry.proof->sequence;
      if (!tells(record)) return false;
      const Life life = life_of(record, found.at, *protocol_);
      if (entry.writer != 0 && record.writer == entry.writer && record.number != entry.number) {
        return record.number < entry.number;
      }
      const bool same = record.withdrawn == entry.withdrawn && record.value && entry.value &&
                        *record.value == *entry.value;
      return same ? life.published + RecordStore::kTransit < entry.published
                  : life.first < entry.first;
    }
  }
  return !entry.withdrawn;
}

}  // namespace macula::dht
