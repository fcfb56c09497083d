// The records a node holds: a list per key, one entry for each origin (dht/record/record_entry.h).
//
//   store.put(key, {record, published, expires}, now);
//   for (const auto& value : store.values(key, now)) ...
//   next = store.drop_expired(next, 256, now);            // a piece of a sweep
//
// A newer version takes the place of the older; a new origin's record is put in front (Macula 0.8).
// Where a list or the store is full, what is worse gives way (dht/record/record_room.h). Bytes are
// those of memory, so that no shape of a value takes more than its limit says.
//
// Among signed records the greater sequence number is newer. Among others that one node wrote it is
// the greater number, exactly; among those of two nodes the one first published later, by this
// node's clock: publishing it again makes no new version. A record that is passed on says how much
// of its life is over, so that a copy is never younger than the record: whoever holds it, and
// whatever the order of arrival, it ends one lifetime after its publication. A record that has
// ended is not served, swept or not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "base/violation.h"
#include "dht/contact/node_id.h"
#include "dht/record/boxed.h"
#include "dht/record/ended_versions.h"
#include "dht/record/record_entry.h"
#include "dht/record/record_room.h"
#include "dht/wire/message.h"

namespace macula::dht {

class RecordStore {
 public:
  static constexpr std::size_t kMostOrigins = 128;  // of one key

  struct Limits {
    std::size_t keys = 65'536;
    std::size_t values_per_key = kMostOrigins;
    std::size_t bytes = std::size_t{64} << 20;        // of all records, in memory
    std::size_t record_bytes = std::size_t{1} << 20;  // of one, on the wire
    // The share of keys and of bytes for one origin. Where it is limited a full store makes room.
    std::uint32_t origin_share_ppm = 1'000'000;
    NodeId near{};  // of two records, that of the key farther from it gives way
  };

  using Entry = RecordEntry;

  // Two publications of one unsigned value are at least this far apart: copies of one may seem to
  // differ by the time that messages travel.
  static constexpr Duration kTransit = std::chrono::seconds(1);

  struct Offer {
    wire::Record record;
    Time published{};
    Time expires = kTimeMax;
    std::optional<Time> first{};  // nothing: as published
    // A hash of the key that the connection it came on has proven: who answers for it where no
    // signature does.
    std::uint64_t sender = 0;
    bool own = false;
    bool read = false;  // by this node, which tells nothing of who else was sent it
  };

  enum class Outcome : std::uint8_t {
    stored,     // new, or newer than what was held
    known,      // this version is held already
    older,      // a newer one is held
    expired,    // its life is over
    ended,      // a version as new as this one has ended here
    too_large,  // from here on: limits
    too_deep,
    full,
    share,
  };

  RecordStore() = default;
  explicit RecordStore(const Limits& limits) : limits_(limits) {}

  Outcome put(const Key& key, Offer offer, Time now);
  // The record of another writer in the place of an unsigned one: the younger of the two counts.
  // nullptr: none, or the same.
  [[nodiscard]] const Entry* rival_of(const Key& key, const wire::Record& record, Time now) const;
  // A value that never ends, as in Macula 0.8. False where a limit refuses it.
  bool put(const Key& key, wire::SharedValue value);

  // All entries, those that are over or withdrawn among them; nothing where there are none.
  [[nodiscard]] const std::vector<Entry>* find(const Key& key) const;
  // The values to be served.
  [[nodiscard]] std::vector<wire::SharedValue> values(const Key& key, Time now) const;
  [[nodiscard]] bool holds(const Key& key, Time now) const { return any_live(find(key), now); }
  // Whether one of them is to be served; nothing: there are none.
  [[nodiscard]] static bool any_live(const std::vector<Entry>* entries, Time now);

  // Takes out the entry of this origin.
  void remove(const Key& key, const wire::SharedValue& value, const wire::Proof* proof);
  // The next keys from `from` on: drops what is over, and says where to go on; nothing at the end.
  std::optional<Key> drop_expired(const Key& from, std::size_t keys, Time now);
  // Visits keys in order from `from` on until `visit(key, entries)` says false, or `keys` were
  // visited: the key at which to go on, nothing at the end. Only times and flags may be changed.
  template <typename Visit>
  std::optional<Key> visit_from(const Key& from, std::size_t keys, Visit visit) {
    auto at = values_.lower_bound(from);
    for (std::size_t i = 0; at != values_.end() && i < keys; ++i, ++at) {
      if (!visit(at->first, at->second)) break;
    }
    return at != values_.end() ? std::optional(at->first) : std::nullopt;
  }

  // With each key and entry, those that are over or withdrawn among them.
  template <typename Visit>
  void for_each(Visit visit) const {
    for (const auto& [key, entries] : values_) {
      for (const Entry& entry : entries) visit(key, entry);
    }
  }

  // Keys, entries, and their bytes.
  [[nodiscard]] std::size_t size() const { return values_.size(); }
  [[nodiscard]] std::size_t entries() const { return entries_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  // Entries that limits refused, and those that gave way.
  [[nodiscard]] std::uint64_t refused() const { return refused_; }
  [[nodiscard]] std::uint64_t displaced() const { return displaced_; }
  [[nodiscard]] const Limits& limits() const { return limits_; }
  void clear();

  // An invariant that it breaks: limits that are exceeded, records that end before they begin, of
  // one origin twice, or counted wrongly.
  [[nodiscard]] Violation violation() const;
  // Goes by its counts alone.
  [[nodiscard]] bool is_within_limits() const {
    return values_.size() <= limits_.keys && bytes_ <= limits_.bytes;
  }

 private:
  struct Usage {
    std::size_t entries = 0;
    std::size_t bytes = 0;
  };
  using Entries = std::vector<Entry>;

  [[nodiscard]] bool limits_origins() const { return limits_.origin_share_ppm < 1'000'000; }
  // The entry held of the record's origin; nullptr: none.
  [[nodiscard]] Entry* held_of(const Key& key, const Entry& entry);
  [[nodiscard]] Outcome within_limits(const Key& key, const Entry& entry, const Entry* replaced);
  [[nodiscard]] bool within_share(const Entry& entry, const Entry* replaced) const;
  // Whether keys and bytes leave room for it.
  [[nodiscard]] bool fits(const Key& key, const Entry& entry, const Entry* replaced) const;
  // Entries that give way are gone, and that of the entry's origin may be. False where it is not
  // enough.
  bool make_room(const Key& key, const Entry& entry);
  // The entry of a full list that gives way to this one; nullptr where none does.
  [[nodiscard]] static Entry* to_displace(Entries& entries, const Entry& entry);
  void drop(const Key& key, std::uint64_t serial);
  void insert(const Key& key, Entry entry);
  void count(const Key& key, const Entry& entry);
  void discount(const Key& key, const Entry& entry);
  [[nodiscard]] Violation list_violation(const Entries& entries) const;
  [[nodiscard]] Violation share_violation() const;

  Limits limits_;
  std::uint64_t refused_ = 0;
  std::uint64_t displaced_ = 0;
  std::size_t entries_ = 0;
  std::size_t bytes_ = 0;
  std::map<Key, Entries> values_;
  std::uint64_t serials_ = 0;
  std::map<std::uint64_t, Usage> origins_;  // where their share is limited
  Boxed<RecordRoom> room_;                  // there, from when the store was full
  Boxed<EndedVersions> ended_;
};

// "full": why a record is not held, for people and peers.
[[nodiscard]] std::string_view outcome_name(RecordStore::Outcome outcome);

}  // namespace macula::dht
