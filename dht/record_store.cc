#include "dht/record_store.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/hash.h"
#include "dht/wire/msgpack.h"

namespace macula::dht {
namespace {

using Entry = RecordStore::Entry;
using Outcome = RecordStore::Outcome;

const wire::Value& content(const wire::SharedValue& value) {
  static const wire::Value nil;
  return value ? *value : nil;
}

std::uint64_t origin_of(const Entry& entry, std::uint64_t sender) {
  if (entry.proof) {
    const auto& owner = entry.proof->owner;
    return hash_bytes({reinterpret_cast<const char*>(owner.data()), owner.size()}, 1);
  }
  const std::string_view provider = provider_of(entry.value);
  return provider.empty() ? mix(sender, 2) : hash_bytes(provider, 3);
}

bool same_content(const Entry& a, const Entry& b) {
  return a.withdrawn == b.withdrawn && content(a.value) == content(b.value);
}

// One write of one node, perhaps published again.
bool same_write(const Entry& a, const Entry& b) {
  return a.writer != 0 && a.writer == b.writer && a.number == b.number;
}

// When a record of which two copies came in was first published. Copies seem younger by the time
// that they travelled; a value that was stored a second time is as young as that.
Time first_of_both(Time a, Time b) {
  const Time earlier = std::min(a, b);
  const Time later = std::max(a, b);
  return later - earlier <= RecordStore::kTransit ? earlier : later;
}

// Two copies of one record have one beginning: the earlier of two where it is one write for sure.
void share_first(Entry& a, Entry& b) {
  if (same_write(a, b)) {
    a.first = b.first = std::min(a.first, b.first);
  } else if (same_content(a, b)) {
    a.first = b.first = first_of_both(a.first, b.first);
  }
}

// What becomes of `offered` where `held` is an entry of the same origin.
Outcome compare(const Entry& offered, const Entry& held, Time now) {
  if (offered.proof) {
    if (offered.proof->sequence != held.proof->sequence) {
      return offered.proof->sequence > held.proof->sequence ? Outcome::stored : Outcome::older;
    }
    // Two contents under one number are the owner's fault: all holders keep the same one.
    if (offered.proof->signature == held.proof->signature) return Outcome::known;
    return offered.proof->signature > held.proof->signature ? Outcome::stored : Outcome::older;
  }
  if (held.over(now) || held.expires == kTimeMax || offered.expires == kTimeMax) {
    return Outcome::stored;
  }
  if (offered.writer != 0 && offered.writer == held.writer && offered.number != held.number) {
    return offered.number > held.number ? Outcome::stored : Outcome::older;
  }
  if (!same_write(offered, held) && !same_content(offered, held)) {
    return offered.first > held.first ? Outcome::stored : Outcome::older;
  }
  return offered.published > held.published + RecordStore::kTransit ? Outcome::stored
                                                                    : Outcome::known;
}

}  // namespace

std::string_view provider_of(const wire::SharedValue& value) {
  const wire::Value* id = content(value).find("node_id");
  const wire::Bytes* bytes = id != nullptr ? id->as_bytes() : nullptr;
  return bytes != nullptr ? std::string_view(*bytes) : std::string_view();
}

bool same_origin(const wire::SharedValue& a, const wire::Proof* proof_a, const wire::SharedValue& b,
                 const wire::Proof* proof_b) {
  if ((proof_a == nullptr) != (proof_b == nullptr)) return false;
  if (proof_a != nullptr && proof_a->owner != proof_b->owner) return false;
  return provider_of(a) == provider_of(b);
}

std::string_view outcome_name(RecordStore::Outcome outcome) {
  switch (outcome) {
    case Outcome::stored:
      return "stored";
    case Outcome::known:
      return "known";
    case Outcome::older:
      return "older";
    case Outcome::expired:
      return "expired";
    case Outcome::too_large:
      return "too_large";
    case Outcome::full:
      return "full";
    case Outcome::share:
      return "share";
  }
  return "unknown";
}

RecordStore::Entry RecordStore::Entry::of(wire::Record record, Time published, Time expires,
                                          Time first) {
  Entry entry;
  entry.value = std::move(record.value);
  entry.proof = std::move(record.proof);
  entry.withdrawn = record.withdrawn;
  entry.spare = record.spare;
  entry.writer = record.writer;
  entry.number = record.number;
  entry.published = published;
  entry.first = first;
  entry.expires = expires;
  entry.bytes = static_cast<std::uint32_t>(wire::packed_size(content(entry.value)) + kOverhead);
  return entry;
}

Outcome RecordStore::put(const Key& key, Offer offer, Time now) {
  if (offer.expires <= now) return Outcome::expired;
  Entry entry = Entry::of(std::move(offer.record), offer.published, offer.expires,
                          offer.first.value_or(offer.published));
  entry.heard = now;
  entry.own = offer.own;
  entry.origin = origin_of(entry, offer.sender);
  const auto known_key = values_.find(key);
  Entry* held = nullptr;
  if (known_key != values_.end()) {
    for (Entry& each : known_key->second) {
      if (same_origin(each.value, each.proof.get(), entry.value, entry.proof.get())) held = &each;
    }
  }
  Outcome outcome = held == nullptr ? Outcome::stored : compare(entry, *held, now);
  if (held != nullptr && !entry.proof && !held->over(now)) share_first(entry, *held);
  if (outcome == Outcome::known) {
    held->heard = now;
    held->settled = false;
    held->spare = held->spare && entry.spare;
  }
  if (outcome == Outcome::stored) {
    outcome = within_limits(entry, held, known_key != values_.end() ? &known_key->second : nullptr);
    if (outcome != Outcome::stored) {
      ++refused_;
    } else if (held != nullptr) {
      discount(*held);
      count(entry);
      *held = std::move(entry);
    } else {
      count(entry);
      Entries& entries = values_[key];
      entries.insert(entries.begin(), std::move(entry));
    }
  }
  return outcome;
}

bool RecordStore::put(const Key& key, wire::SharedValue value) {
  Offer offer;
  offer.record.value = std::move(value);
  return put(key, std::move(offer), Time{}) == Outcome::stored;
}

Outcome RecordStore::within_limits(const Entry& entry, const Entry* replaced,
                                   const Entries* known) const {
  if (entry.bytes > limits_.record_bytes) return Outcome::too_large;
  if (replaced == nullptr) {
    if (known == nullptr && values_.size() >= limits_.keys) return Outcome::full;
    if (known != nullptr && known->size() >= limits_.values_per_key) return Outcome::full;
  }
  const std::size_t freed = replaced != nullptr ? replaced->bytes : 0;
  if (bytes_ - freed + entry.bytes > limits_.bytes) return Outcome::full;
  if (!limits_origins()) return Outcome::stored;
  const auto used = origins_.find(entry.origin);
  Usage usage = used != origins_.end() ? used->second : Usage{};
  if (replaced != nullptr && replaced->origin == entry.origin) {
    --usage.entries;
    usage.bytes -= replaced->bytes;
  }
  // Never nothing: the share of a small store is still one record.
  const auto part = [&](std::size_t whole) {
    return static_cast<std::size_t>(std::uint64_t{whole} * limits_.origin_share_ppm / 1'000'000);
  };
  const bool fits = usage.entries == 0 || (usage.entries < part(limits_.keys) &&
                                           usage.bytes + entry.bytes <= part(limits_.bytes));
  return fits ? Outcome::stored : Outcome::share;
}

void RecordStore::count(const Entry& entry) {
  ++entries_;
  bytes_ += entry.bytes;
  if (!limits_origins()) return;
  Usage& usage = origins_[entry.origin];
  ++usage.entries;
  usage.bytes += entry.bytes;
}

void RecordStore::discount(const Entry& entry) {
  --entries_;
  bytes_ -= entry.bytes;
  if (!limits_origins()) return;
  const auto used = origins_.find(entry.origin);
  MACULA_CHECK(used != origins_.end());
  --used->second.entries;
  used->second.bytes -= entry.bytes;
  if (used->second.entries == 0) origins_.erase(used);
}

const std::vector<Entry>* RecordStore::find(const Key& key) const {
  const auto known = values_.find(key);
  return known != values_.end() ? &known->second : nullptr;
}

std::vector<wire::SharedValue> RecordStore::values(const Key& key, Time now) const {
  std::vector<wire::SharedValue> values;
  if (const Entries* entries = find(key)) {
    for (const Entry& entry : *entries) {
      if (entry.live(now)) values.push_back(entry.value);
    }
  }
  return values;
}

bool RecordStore::any_live(const Entries* entries, Time now) {
  return entries != nullptr && std::any_of(entries->begin(), entries->end(),
                                           [&](const Entry& entry) { return entry.live(now); });
}

void RecordStore::remove(const Key& key, const wire::SharedValue& value, const wire::Proof* proof) {
  const auto known = values_.find(key);
  if (known == values_.end()) return;
  Entries& entries = known->second;
  const auto entry = std::find_if(entries.begin(), entries.end(), [&](const Entry& each) {
    return same_origin(each.value, each.proof.get(), value, proof);
  });
  if (entry == entries.end()) return;
  discount(*entry);
  entries.erase(entry);
  if (entries.empty()) values_.erase(known);
}

std::optional<Key> RecordStore::drop_expired(const Key& from, std::size_t keys, Time now) {
  auto at = values_.lower_bound(from);
  for (std::size_t i = 0; at != values_.end() && i < keys; ++i) {
    Entries& entries = at->second;
    const auto dropped = [&](const Entry& entry) {
      if (entry.over(now)) discount(entry);
      return entry.over(now);
    };
    entries.erase(std::remove_if(entries.begin(), entries.end(), dropped), entries.end());
    at = entries.empty() ? values_.erase(at) : std::next(at);
  }
  return at != values_.end() ? std::optional(at->first) : std::nullopt;
}

void RecordStore::clear() {
  values_.clear();
  origins_.clear();
  entries_ = 0;
  bytes_ = 0;
}

void RecordStore::check_invariants() const {
  MACULA_CHECK(values_.size() <= limits_.keys && bytes_ <= limits_.bytes);
  std::map<std::uint64_t, Usage> origins;
  std::size_t count = 0;
  std::size_t bytes = 0;
  for (const auto& [key, entries] : values_) {
    MACULA_CHECK(!entries.empty() && entries.size() <= limits_.values_per_key);
    for (auto entry = entries.begin(); entry != entries.end(); ++entry) {
      MACULA_CHECK(entry->bytes <= limits_.record_bytes && entry->published <= entry->expires);
      MACULA_CHECK(entry->proof || entry->first <= entry->expires);
      ++count;
      bytes += entry->bytes;
      Usage& usage = origins[entry->origin];
      ++usage.entries;
      usage.bytes += entry->bytes;
      MACULA_CHECK(std::none_of(entries.begin(), entry, [&](const Entry& earlier) {
        return same_origin(earlier.value, earlier.proof.get(), entry->value, entry->proof.get());
      }));
    }
  }
  MACULA_CHECK(count == entries_ && bytes == bytes_);
  if (!limits_origins()) return;
  MACULA_CHECK(origins.size() == origins_.size());
  for (const auto& [origin, usage] : origins) {
    const auto counted = origins_.find(origin);
    MACULA_CHECK(counted != origins_.end());
    MACULA_CHECK(counted->second.entries == usage.entries && counted->second.bytes == usage.bytes);
    MACULA_CHECK(usage.entries == 1 || usage.bytes <= limits_.bytes);
  }
}

}  // namespace macula::dht
