// The entries of a routing table that are closest to a target, and hints of what will be read.
#include <algorithm>
#include <array>
#include <limits>

#include "base/prefetch.h"
#include "dht/table/routing_table.h"

namespace macula::dht {
namespace {

constexpr std::size_t kHinted = 20;  // entries of a bucket

}  // namespace

// By counting: an entry's place is the number of entries nearer than it. Four comparisons at a time
// and no branch that depends on a distance, which at random keys would be mispredicted every other
// time. Compared are the 32 bits behind those that all distances of the bucket have in common;
// where two are equal, whole ids are.
void RoutingTable::rank_bucket(std::size_t bucket, const NodeId& target, std::size_t count,
                               std::array<ContactRef, kMaxBucketSize>& nearest) const {
  using Lanes = std::int32_t __attribute__((vector_size(16)));
  static constexpr std::size_t kLanes = 4;
  const ContactRef* entries = entries_.data() + starts_[bucket];
  const std::size_t size = bucket_entries(bucket);
  std::array<Lanes, kMaxBucketSize / kLanes> keys;
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint64_t distance = book_->prefix(entries[i]) ^ target.words[0];
    const std::uint64_t telling = bucket < 63 ? distance << (bucket + 1) : 0;
    keys[i / kLanes][i % kLanes] = static_cast<std::int32_t>((telling >> 32) ^ 0x80000000U);
  }
  for (std::size_t i = size; i % kLanes != 0; ++i) {
    keys[i / kLanes][i % kLanes] = std::numeric_limits<std::int32_t>::max();
  }
  std::size_t places = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const std::int32_t own = keys[i / kLanes][i % kLanes];
    Lanes nearer{};
    for (std::size_t block = 0; block * kLanes < size; ++block) nearer -= keys[block] < own;
    const std::int32_t count_nearer = nearer[0] + nearer[1] + nearer[2] + nearer[3];
    const auto place = static_cast<std::size_t>(count_nearer);
    nearest[place] = entries[i];
    places += place;
  }
  if (places == size * (size - 1) / 2) return;
  std::partial_sort_copy(entries, entries + size, nearest.begin(), nearest.begin() + count,
                         [&](ContactRef a, ContactRef b) { return book_->closer(a, b, target); });
}

// ----- hints -----

// A constant number of lines, for buckets of the usual size: without a branch.

void RoutingTable::prefetch_bucket_of(ContactRef contact) const {
  const auto bucket = static_cast<std::size_t>(bucket_of(contact));
  if (bucket >= bucket_count()) return;
  prefetch_range(entries_.data() + starts_[bucket], kHinted * sizeof(ContactRef));
  prefetch_range(states_.data() + starts_[bucket], kHinted * sizeof(EntryState));
  if (const ContactRef* held = spares(bucket)) __builtin_prefetch(held);
}

void RoutingTable::prefetch_closest(const NodeId& target) const {
  if (entries_.empty()) return;
  const std::uint64_t offset = target.words[0] ^ self_.words[0];
  const std::size_t nearest = offset != 0 ? static_cast<std::size_t>(__builtin_clzll(offset)) : 63;
  const std::size_t bucket = std::min(nearest, bucket_count() - 1);
  prefetch_range(entries_.data() + starts_[bucket], kHinted * sizeof(ContactRef));
}

}  // namespace macula::dht
