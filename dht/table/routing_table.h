// A node's contacts, in buckets by shared prefix with its own id (Kademlia, 2002, section 2.4).
//
//   RoutingTable table(book, self, bucket_size);
//   table.observe(contact);                  // it was heard from
//   table.closest(target, k, [&](ContactRef ref) { ... });
//
// All entries lie in one array, bucket after bucket, 4 bytes each; within a bucket from the oldest
// to the newest heard from. Their states lie in another, 2 bytes each.
//
// A contact is good if it has answered us ever and was heard from within `questionable_after`; else
// it is questionable; with kBad failures in a row it is bad (BEP 5). A bad contact leaves the table
// at once, even with nobody to take its place: what `closest` names is then never known to be dead,
// and costs no second look. It is remembered among the dead (dht/table/graveyard.h), and back as
// soon as it is heard from. Newcomers to a full bucket, and contacts that were merely named by
// others, wait as spares; the newest takes the place of a bad contact. Without `evict` nobody
// leaves, and newcomers to a full bucket are dropped, as in Macula 0.8.
//
// There is one entry an id and one an endpoint (of those reached directly: behind a gateway many
// share one). An entry gives way to another id at its endpoint, or to its own id at another
// endpoint, only where the host says that the newcomer was reached there (Host::reached). A peer's
// mere claim displaces nobody: the entry is pinged, and leaves if it is silent. No bucket holds
// more than `subnet_limit` of one subnet.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/violation.h"
#include "dht/contact/contact_book.h"
#include "dht/contact/node_id.h"
#include "dht/table/entry_state.h"
#include "dht/table/graveyard.h"
#include "dht/transport.h"

namespace macula::dht {

struct TableRules {
  std::size_t bucket_size = 20;  // from 1 to kMaxBucketSize
  bool evict = true;             // else newcomers to a full bucket are dropped, and nobody leaves
  std::size_t subnet_limit = 10;
  Duration questionable_after = std::chrono::minutes(15);
};

// How a contact was heard from.
enum class HeardAs : std::uint8_t {
  answered,  // a request of ours
  spoke,     // with a request or message of its own
};

class RoutingTable {
 public:
  static constexpr std::size_t kMaxBucketSize = 256;
  static constexpr std::size_t kSpares = 3;  // a bucket
  static constexpr unsigned kBad = 2;        // failures in a row
  // A node with fewer contacts is short of them, and asks after them more often.
  static constexpr std::size_t kFew = 4;
  static constexpr Duration kPatienceOfFew = std::chrono::minutes(1);
  // An entry whose place another claims is pinged if it has been silent for this long.
  static constexpr Duration kClaimed = std::chrono::minutes(1);

  // The next action of the table's owner for a contact that was heard from.
  enum class Heard : std::uint8_t {
    settled,    // nothing
    entered,    // it was not in, or only on trial
    returned,   // it had been among the dead
    contested,  // it waits for a place: whoever has it is questionable, or silent for a while
    on_trial,   // it is in, and named to nobody until it has answered: it was not reached there
  };

  // The fate of a contact that failed.
  enum class Failed : std::uint8_t {
    stays,     // or was not in
    replaced,  // it has left, and a spare has come
    vacant,    // it has left, and nobody has come
  };

  // `host`: whom to ask who was reached where; nullptr: all who are heard from were.
  RoutingTable(const ContactBook& book, const NodeId& self, const TableRules& rules,
               const Host* host = nullptr);
  RoutingTable(const ContactBook& book, const NodeId& self, std::size_t bucket_size)
      : RoutingTable(book, self, TableRules{.bucket_size = bucket_size}) {}

  // `contact` was heard from: it becomes the newest of its bucket, entering it if there is room. A
  // known id under a new address takes the place of the old entry. The node itself never enters.
  Heard observe(ContactRef contact, Time now = kTimeZero, HeardAs as = HeardAs::answered);
  // `observe` of each, which are different contacts; quick where the table is empty and they come
  // in the order of their buckets.
  void fill(const std::vector<ContactRef>& contacts, Time now);
  // Somebody named the contact: it is a spare where its bucket has no better ones.
  void name(ContactRef contact);
  // A request to it has failed.
  Failed fail(ContactRef contact, Time now);
  // It takes longer than it should: to be pinged next. True where it is in, and was not in doubt.
  bool doubt(ContactRef contact);
  // Takes the contact out, if it is in.
  void remove(ContactRef contact);

  // The contact to ping next, if any: somebody who has failed; the questionable one that a spare
  // waits for; a spare of a bucket with room; whoever was silent for half of `patience`. One a
  // bucket, and nobody out of `busy`.
  [[nodiscard]] ContactRef to_probe(Time now, const std::vector<ContactRef>& busy) const;
  // For how long a contact may be silent before it is pinged: less while there are few.
  [[nodiscard]] Duration patience() const {
    return size() < kFew ? std::min(kPatienceOfFew, rules_.questionable_after)
                         : rules_.questionable_after;
  }
  // When the contact that was silent for longest becomes questionable; kTimeMax without any.
  [[nodiscard]] Time next_questionable(Time now) const;
  [[nodiscard]] Graveyard& dead() { return dead_; }
  [[nodiscard]] const Graveyard& dead() const { return dead_; }

  // Calls `take` for each of the k contacts closest to `target`, exactly, over the whole table.
  // They come roughly in order of distance: by buckets, sorted only in the last one used.
  template <typename Take>
  void closest(const NodeId& target, std::size_t k, Take take) const {
    closest_runs(target, k, [&](const ContactRef* run, std::size_t count) {
      for (std::size_t i = 0; i < count; ++i) take(run[i]);
    });
  }
  // The same contacts in the same order, several at a time: `take(first, count)`.
  template <typename Take>
  void closest_runs(const NodeId& target, std::size_t k, Take take) const;

  // Those of the table without the contact `but`: the next one has its place. kNoContact: nobody.
  template <typename Take>
  void closest_runs_but(ContactRef but, const NodeId& target, std::size_t k, Take take) const;

  // NodeId::kBits for the node itself.
  [[nodiscard]] int bucket_of(ContactRef contact) const {
    // Most often the first 64 bits tell.
    const std::uint64_t difference = book_->prefix(contact) ^ self_.words[0];
    return difference != 0 ? __builtin_clzll(difference) : bucket_index(self_, book_->id(contact));
  }
  [[nodiscard]] bool contains(ContactRef contact) const;
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  // All contacts, bucket 0 (the far half) first.
  [[nodiscard]] const std::vector<ContactRef>& entries() const { return entries_; }
  // Buckets up to the deepest one in use.
  [[nodiscard]] std::size_t bucket_count() const { return starts_.size() - 1; }
  [[nodiscard]] std::size_t bucket_entries(std::size_t bucket) const {
    return bucket < bucket_count() ? std::size_t{starts_[bucket + 1]} - starts_[bucket] : 0;
  }
  [[nodiscard]] bool is_good(ContactRef contact, Time now) const;
  // Entries that have never answered and are to: they were only named by others, have failed, or
  // were not reached where they say they are. Nobody is told of them.
  [[nodiscard]] std::size_t on_trial() const { return on_trial_; }
  [[nodiscard]] bool is_on_trial(ContactRef contact) const;
  // Start loading where the buckets are; then, of those, the bucket of a contact that is about to
  // be heard from, and the one where `closest` begins.
  void prefetch() const { __builtin_prefetch(starts_.data()); }
  void prefetch_bucket_of(ContactRef contact) const;
  void prefetch_closest(const NodeId& target) const;

  void keep_contacts(ContactMarks& marks) const;

  // A broken invariant, one function each: a contact lies once, in the bucket of its prefix, which
  // is not over its limit; none is bad or among the dead; spares belong to their bucket and are not
  // in it; an endpoint has one contact and a subnet not more than its share.
  [[nodiscard]] Violation bucket_violation() const;
  [[nodiscard]] Violation health_violation() const;
  [[nodiscard]] Violation spare_violation() const;
  [[nodiscard]] Violation endpoint_violation() const;
  // The first of them.
  [[nodiscard]] Violation violation() const;
  // Whether all that holds as far as what was just heard from one contact may have changed it.
  // Cheap: looks at its bucket, at no id but its own, and further only where it is the newest
  // there.
  [[nodiscard]] bool is_sound_around(ContactRef contact) const;

 private:
  // Under whatever addresses.
  [[nodiscard]] bool same_node(ContactRef a, ContactRef b) const {
    return a == b || (book_->has_alias(b) && book_->id(a) == book_->id(b));
  }
  // Calls `visit(bucket)` for the buckets in the order of their distance to `target`, until it
  // returns false.
  template <typename Visit>
  void visit_buckets(const NodeId& target, Visit visit) const;
  // The position of a contact of the bucket among the entries; its end where it is not in.
  [[nodiscard]] std::size_t position(std::size_t bucket, ContactRef contact) const;
  [[nodiscard]] std::size_t end_of(std::size_t bucket) const { return starts_[bucket + 1]; }
  // Whether the bucket takes the contact: there is room, and for its subnet.
  [[nodiscard]] bool has_room(std::size_t bucket, ContactRef contact) const;
  [[nodiscard]] bool is_questionable(EntryState state, Time now) const {
    return !state.answered() || state.age(now) >= rules_.questionable_after;
  }
  [[nodiscard]] static bool is_on_trial(EntryState state) {
    return state.failures() > 0 && !state.answered();
  }
  void insert(std::size_t bucket, std::size_t at, ContactRef contact, EntryState state);
  void erase(std::size_t bucket, std::size_t at);
  void move(std::size_t from, std::size_t to, ContactRef contact, EntryState state);
  // A newcomer, known by nothing but this message.
  Heard take_in(std::size_t bucket, ContactRef contact, Time now, HeardAs as);
  [[nodiscard]] bool reached(ContactRef contact) const {
    return host_ == nullptr || host_->reached(contact);
  }
  // Evicts the contact that was known at the endpoint of one that now proved to be there.
  void evict_former(ContactRef contact);
  // The entry that has the endpoint of another contact; its position, or the number of entries.
  [[nodiscard]] std::size_t holder_of_endpoint(ContactRef contact) const;
  // Another contact claims the place of this entry.
  Heard contest(std::size_t at, Time now);

  [[nodiscard]] ContactRef* spares(std::size_t bucket) {
    return bucket * kSpares < spares_.size() ? spares_.data() + bucket * kSpares : nullptr;
  }
  [[nodiscard]] const ContactRef* spares(std::size_t bucket) const {
    return bucket * kSpares < spares_.size() ? spares_.data() + bucket * kSpares : nullptr;
  }
  void add_spare(std::size_t bucket, ContactRef contact);
  template <typename Which>
  void drop_spares(std::size_t bucket, Which which);
  bool promote_spare(std::size_t bucket, Time now);
  // The `count` entries of the bucket closest to `target`, nearest first; it has more than that.
  void rank_bucket(std::size_t bucket, const NodeId& target, std::size_t count,
                   std::array<ContactRef, kMaxBucketSize>& nearest) const;
  [[nodiscard]] Violation size_violation(std::size_t bucket) const;
  // Whether the entry's node stands in the bucket before it, too.
  [[nodiscard]] bool is_before(std::size_t bucket, std::size_t at) const;
  [[nodiscard]] Violation spare_violation(std::size_t bucket) const;
  // For people: "the contact 3fa94c01".
  [[nodiscard]] std::string shown(ContactRef contact) const;

  const ContactBook* book_;
  const Host* host_;
  NodeId self_;
  TableRules rules_;
  std::vector<ContactRef> entries_;
  std::vector<EntryState> states_;  // of the entries
  std::size_t on_trial_ = 0;        // so many of them
  std::vector<std::uint16_t> starts_{
      0};                           // starts_[i]: where bucket i begins; one more than buckets
  std::vector<ContactRef> spares_;  // kSpares a bucket, newest first, kNoContact behind the last
  Graveyard dead_;
};

// Order of the buckets: let d = self XOR target. A contact of bucket i shares d's first i bits in
// its distance to the target and has bit i inverted. So the buckets of d's set bits come first,
// most significant bit first, then those of the unset bits, least significant first: every contact
// of an earlier bucket is closer than every contact of a later one.
template <typename Visit>
void RoutingTable::visit_buckets(const NodeId& target, Visit visit) const {
  const Distance offset = distance(self_, target);
  const std::size_t buckets = bucket_count();
  for (std::size_t i = 0; i < buckets; ++i) {
    // Straight to the next set bit of this word.
    const std::uint64_t rest = offset.words[i / 64] << (i % 64);
    i += rest != 0 ? static_cast<std::size_t>(__builtin_clzll(rest)) : 63 - i % 64;
    if (rest != 0 && i < buckets && !visit(i)) return;
  }
  for (std::size_t i = buckets; i-- > 0;) {
    if (!bit(offset, static_cast<int>(i)) && !visit(i)) return;
  }
}

template <typename Take>
void RoutingTable::closest_runs(const NodeId& target, std::size_t k, Take take) const {
  closest_runs_but(kNoContact, target, k, take);
}

// In the order that k + 1 would come in, where the contact is among those.
template <typename Take>
void RoutingTable::closest_runs_but(ContactRef but, const NodeId& target, std::size_t k,
                                    Take take) const {
  const std::size_t own =
      but != kNoContact ? static_cast<std::size_t>(bucket_of(but)) : bucket_count();
  std::size_t wanted = k;
  if (wanted == 0) return;
  const auto take_others = [&](const ContactRef* run, const ContactRef* left_out, std::size_t end) {
    const auto before = static_cast<std::size_t>(left_out - run);
    take(run, before);
    take(left_out + 1, end - before - 1);
  };
  visit_buckets(target, [&](std::size_t bucket) {
    const ContactRef* const run = entries_.data() + starts_[bucket];
    const std::size_t count = bucket_entries(bucket);
    const std::size_t at = bucket == own ? position(bucket, but) - starts_[bucket] : count;
    if (count <= wanted) {
      if (at == count) {
        take(run, count);
      } else {
        take_others(run, run + at, count);
        ++wanted;
      }
      wanted -= count;
      return wanted > 0;
    }
    std::array<ContactRef, kMaxBucketSize> nearest;
    rank_bucket(bucket, target, wanted, nearest);
    const ContactRef* const end = nearest.data() + wanted;
    if (at == count || std::find<const ContactRef*>(nearest.data(), end, but) == end) {
      take(nearest.data(), wanted);
    } else if (count == wanted + 1) {
      take_others(run, run + at, count);
    } else {
      rank_bucket(bucket, target, wanted + 1, nearest);
      take_others(nearest.data(), std::find<const ContactRef*>(nearest.data(), end, but),
                  wanted + 1);
    }
    return false;
  });
}

}  // namespace macula::dht
