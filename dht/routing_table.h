// A node's contacts, in buckets by shared prefix with its own id (Kademlia, 2002, section 2.4).
//
//   RoutingTable table(book, self, bucket_size);
//   table.observe(contact);                  // it was heard from
//   table.closest(target, k, [&](ContactRef ref) { ... });
//
// All entries lie in one array, bucket after bucket, 4 bytes each; within a bucket from the oldest
// to the newest heard from. A full bucket drops the newcomer.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/prefetch.h"
#include "dht/bucket_starts.h"
#include "dht/contact_book.h"
#include "dht/node_id.h"

namespace macula::dht {

class RoutingTable {
 public:
  static constexpr std::size_t kMaxBucketSize = 256;

  // `bucket_size` from 1 to kMaxBucketSize.
  RoutingTable(const ContactBook& book, const NodeId& self, std::size_t bucket_size);

  // `contact` was heard from: it becomes the newest of its bucket, entering it if there is room. A
  // known id under a new address takes the place of the old entry. The node itself never enters.
  void observe(ContactRef contact);
  // Takes the contact out, if it is in.
  void remove(ContactRef contact);

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

  [[nodiscard]] bool contains(ContactRef contact) const;
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  // All contacts, bucket 0 (the far half) first.
  [[nodiscard]] const std::vector<ContactRef>& entries() const { return entries_; }
  // Buckets up to the deepest one in use.
  [[nodiscard]] std::size_t bucket_count() const { return starts_.size() - 1; }
  [[nodiscard]] std::size_t bucket_entries(std::size_t bucket) const {
    return bucket < bucket_count() ? std::size_t{starts_[bucket + 1]} - starts_[bucket] : 0;
  }
  // Starts loading what most visits need: the buckets of the far part of the space.
  void prefetch() const {
    static constexpr std::size_t kEntries = 128;
    prefetch_range(entries_.data(), std::min(entries_.size(), kEntries) * sizeof(ContactRef));
  }

  // Aborts where an invariant is broken: every entry in its bucket, once, and none over its limit.
  void check_invariants() const;

 private:
  struct Ranked {
    std::uint64_t distance;  // its first 64 bits
    ContactRef ref;
  };

  [[nodiscard]] int bucket_of(ContactRef contact) const;
  void insert(std::size_t bucket, ContactRef contact);
  // The `count` entries of the bucket closest to `target`, nearest first; it has more than that.
  void rank_bucket(std::size_t bucket, const NodeId& target, std::size_t count,
                   std::array<ContactRef, kMaxBucketSize>& nearest) const;

  const ContactBook* book_;
  NodeId self_;
  std::size_t bucket_size_;
  std::vector<ContactRef> entries_;
  std::vector<std::uint16_t> starts_{
      0};  // starts_[i]: where bucket i begins; one more than buckets
};

// Order of the buckets: let d = self XOR target. A contact of bucket i shares d's first i bits in
// its distance to the target and has bit i inverted. So the buckets of d's set bits come first,
// most significant bit first, then those of the unset bits, least significant first: every contact
// of an earlier bucket is closer than every contact of a later one.
template <typename Take>
void RoutingTable::closest_runs(const NodeId& target, std::size_t k, Take take) const {
  const Distance offset = distance(self_, target);
  std::size_t wanted = k;
  const auto visit = [&](std::size_t bucket) {
    const std::size_t begin = starts_[bucket];
    const std::size_t count = starts_[bucket + 1] - begin;
    if (count <= wanted) {
      take(entries_.data() + begin, count);
      wanted -= count;
      return;
    }
    std::array<ContactRef, kMaxBucketSize> nearest;
    rank_bucket(bucket, target, wanted, nearest);
    take(nearest.data(), wanted);
    wanted = 0;
  };
  const std::size_t buckets = bucket_count();
  for (std::size_t i = 0; i < buckets && wanted > 0; ++i) {
    // Straight to the next set bit of this word.
    const std::uint64_t rest = offset.words[i / 64] << (i % 64);
    i += rest != 0 ? static_cast<std::size_t>(__builtin_clzll(rest)) : 63 - i % 64;
    if (rest != 0 && i < buckets) visit(i);
  }
  for (std::size_t i = buckets; i-- > 0 && wanted > 0;) {
    if (!bit(offset, static_cast<int>(i))) visit(i);
  }
}

}  // namespace macula::dht
