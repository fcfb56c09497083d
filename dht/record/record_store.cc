#include "dht/record/record_store.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace macula::dht {
namespace {

using Entry = RecordStore::Entry;
using Outcome = RecordStore::Outcome;

// A value may take so many times the memory that it takes on the wire, and no more.
constexpr std::size_t kMostMemory = 8;

const wire::Value& content(const wire::SharedValue& value) {
  static const wire::Value nil;
  return value ? *value : nil;
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

// The outcome for `offered` where `held` is an entry of the same origin.
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
    case Outcome::ended:
      return "ended";
    case Outcome::too_large:
      return "too_large";
    case Outcome::too_deep:
      return "too_deep";
    case Outcome::full:
      return "full";
    case Outcome::share:
      return "share";
  }
  return "unknown";
}

// ----- putting -----

Entry* RecordStore::held_of(const Key& key, const Entry& entry) {
  const auto known = values_.find(key);
  if (known == values_.end()) return nullptr;
  for (Entry& each : known->second) {
    if (each.same_origin(entry)) return &each;
  }
  return nullptr;
}

Outcome RecordStore::put(const Key& key, Offer offer, Time now) {
  if (offer.expires <= now) return Outcome::expired;
  const bool read = offer.read;
  Entry entry = Entry::of(std::move(offer.record), offer.published, offer.expires,
                          offer.first.value_or(offer.published));
  entry.heard = now;
  entry.own = offer.own;
  entry.origin = entry.proof ? fold(entry.proof->owner) : offer.sender;
  entry.brought = offer.sender;
  Entry* held = held_of(key, entry);
  EndedVersions* ended = ended_.get();
  const bool judged = held == nullptr && !entry.own && ended != nullptr;
  if (judged && ended->replayed(key, entry, now)) return Outcome::ended;
  const Outcome outcome = held == nullptr ? Outcome::stored : compare(entry, *held, now);
  if (held != nullptr && !entry.proof && !held->over(now)) share_first(entry, *held);
  if (outcome == Outcome::known && !read) {
    held->heard = now;
    held->settled = false;
    held->spare = held->spare && entry.spare;
  }
  if (outcome != Outcome::stored) return outcome;
  const Outcome limited = within_limits(key, entry, held);
  if (limited != Outcome::stored) {
    ++refused_;
    return limited;
  }
  insert(key, std::move(entry));
  return Outcome::stored;
}

const Entry* RecordStore::rival_of(const Key& key, const wire::Record& record, Time now) const {
  const auto known = values_.find(key);
  if (record.proof || known == values_.end()) return nullptr;
  const std::string_view provider = provider_of(record.value);
  const Entries& entries = known->second;
  const auto held = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) {
    return !entry.proof && entry.provider == provider;
  });
  if (held == entries.end() || held->over(now) || held->expires == kTimeMax) return nullptr;
  if (record.writer != 0 && record.writer == held->writer) return nullptr;
  const bool same =
      record.withdrawn == held->withdrawn && content(record.value) == content(held->value);
  return same ? nullptr : &*held;
}

void RecordStore::insert(const Key& key, Entry entry) {
  entry.serial = ++serials_;
  if (Entry* held = held_of(key, entry)) {
    discount(key, *held);
    count(key, entry);
    *held = std::move(entry);
    return;
  }
  count(key, entry);
  Entries& entries = values_[key];
  entries.insert(entries.begin(), std::move(entry));
}

bool RecordStore::put(const Key& key, wire::SharedValue value) {
  Offer offer;
  offer.record.value = std::move(value);
  return put(key, std::move(offer), Time{}) == Outcome::stored;
}

// ----- limits -----

Outcome RecordStore::within_limits(const Key& key, const Entry& entry, const Entry* replaced) {
  if (entry.packed + Entry::kOverhead > limits_.record_bytes) return Outcome::too_large;
  if (entry.bytes > kMostMemory * limits_.record_bytes) return Outcome::too_large;
  if (entry.depth == Entry::kTooDeep) return Outcome::too_deep;
  if (!within_share(entry, replaced)) return Outcome::share;
  const auto known = values_.find(key);
  if (replaced == nullptr && known != values_.end() &&
      known->second.size() >= limits_.values_per_key) {
    const Entry* worse = to_displace(known->second, entry);
    if (worse == nullptr) return Outcome::full;
    drop(key, worse->serial);
  }
  return fits(key, entry, replaced) || make_room(key, entry) ? Outcome::stored : Outcome::full;
}

bool RecordStore::fits(const Key& key, const Entry& entry, const Entry* replaced) const {
  if (values_.size() >= limits_.keys && values_.find(key) == values_.end()) return false;
  const std::size_t freed = replaced != nullptr ? replaced->bytes : 0;
  return bytes_ - freed + entry.bytes <= limits_.bytes;
}

bool RecordStore::make_room(const Key& key, const Entry& entry) {
  if (!limits_origins() || entry.bytes > limits_.bytes) return false;
  if (room_.get() == nullptr) {
    room_.make(limits_.near, limits_.bytes / std::max<std::size_t>(limits_.keys, 1));
    for (const auto& [each_key, entries] : values_) {
      for (const Entry& each : entries) room_.get()->add(each_key, each);
    }
  }
  while (!fits(key, entry, held_of(key, entry))) {
    const auto worst = room_.get()->to_give_up(key, entry);
    if (!worst) return false;
    drop(worst->key, worst->serial);
  }
  return true;
}

// A peer that fills a list with many small entries gives way to others, which have few.
Entry* RecordStore::to_displace(Entries& entries, const Entry& entry) {
  std::map<std::uint64_t, std::size_t> brought;
  for (const Entry& each : entries) ++brought[each.brought];
  const std::size_t own = brought.find(entry.brought) != brought.end() ? brought[entry.brought] : 0;
  Entry* worst = nullptr;
  for (Entry& each : entries) {
    if (each.own || each.standing > entry.standing) continue;
    const bool worse = each.standing < entry.standing || brought[each.brought] > own + 1;
    if (!worse) continue;
    const auto rank = [&](const Entry& one) {
      return std::pair(one.standing, entries.size() - brought[one.brought]);
    };
    if (worst == nullptr || rank(each) <= rank(*worst)) worst = &each;
  }
  return worst;
}

bool RecordStore::within_share(const Entry& entry, const Entry* replaced) const {
  if (!limits_origins()) return true;
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
  return usage.entries == 0 ||
         (usage.entries < part(limits_.keys) && usage.bytes + entry.bytes <= part(limits_.bytes));
}

void RecordStore::drop(const Key& key, std::uint64_t serial) {
  const auto known = values_.find(key);
  MACULA_CHECK(known != values_.end());
  Entries& entries = known->second;
  const auto entry = std::find_if(entries.begin(), entries.end(),
                                  [&](const Entry& each) { return each.serial == serial; });
  MACULA_CHECK(entry != entries.end());
  ++displaced_;
  discount(key, *entry);
  entries.erase(entry);
  if (entries.empty()) values_.erase(known);
}

void RecordStore::count(const Key& key, const Entry& entry) {
  ++entries_;
  bytes_ += entry.bytes;
  if (!limits_origins()) return;
  Usage& usage = origins_[entry.origin];
  ++usage.entries;
  usage.bytes += entry.bytes;
  if (RecordRoom* room = room_.get()) room->add(key, entry);
}

void RecordStore::discount(const Key& key, const Entry& entry) {
  --entries_;
  bytes_ -= entry.bytes;
  if (!limits_origins()) return;
  const auto used = origins_.find(entry.origin);
  MACULA_CHECK(used != origins_.end());
  --used->second.entries;
  used->second.bytes -= entry.bytes;
  if (used->second.entries == 0) origins_.erase(used);
  if (RecordRoom* room = room_.get()) room->remove(key, entry);
}

// ----- reading and dropping -----

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
  discount(key, *entry);
  entries.erase(entry);
  if (entries.empty()) values_.erase(known);
}

std::optional<Key> RecordStore::drop_expired(const Key& from, std::size_t keys, Time now) {
  auto at = values_.lower_bound(from);
  for (std::size_t i = 0; at != values_.end() && i < keys; ++i) {
    Entries& entries = at->second;
    const auto dropped = [&](const Entry& entry) {
      if (!entry.over(now)) return false;
      if (entry.proof) ended_.make().note(at->first, entry, now);
      discount(at->first, entry);
      return true;
    };
    entries.erase(std::remove_if(entries.begin(), entries.end(), dropped), entries.end());
    at = entries.empty() ? values_.erase(at) : std::next(at);
  }
  return at != values_.end() ? std::optional(at->first) : std::nullopt;
}

void RecordStore::clear() {
  values_.clear();
  origins_.clear();
  room_.reset();
  entries_ = 0;
  bytes_ = 0;
}

}  // namespace macula::dht
