// The entries of a routing table that are closest to a target, and hints of what will be read.
#include <algorithm>
#include <array>

#include "base/prefetch.h"
#include "dht/table/routing_table.h"

namespace macula::dht {
namespace {

constexpr std::size_t kHinted = 20;  // entries of a bucket
// The entries for the answer to a query: the bucket of its key, the smaller ones behind it, and a
// part of the one before it.
constexpr std::size_t kHintedBefore = 24;
constexpr std::size_t kHintedOfAnswer = 64;

}  // namespace

// By counting: an entry's place is the number of entries nearer than it. Each is compared with
// three times eight at once, a usual bucket, and no branch depends on a distance, which at random
// keys would be mispredicted every other time. Compared are the 16 bits behind those that all
// distances of the bucket have in common; where two are equal, once in 350 buckets of 20, whole ids
// are.
void RoutingTable::rank_bucket(std::size_t bucket, const NodeId& target, std::size_t count,
                               std::array<ContactRef, kMaxBucketSize>& nearest) const {
  using Lanes = std::int16_t __attribute__((vector_size(16)));
  static constexpr std::size_t kLanes = 8;
  static constexpr std::size_t kAtOnce = 3 * kLanes;
  static constexpr std::size_t kParts = (kMaxBucketSize + kAtOnce - 1) / kAtOnce;
  const ContactRef* entries = entries_.data() + starts_[bucket];
  const std::size_t size = bucket_entries(bucket);
  std::array<Lanes, 3 * kParts> keys;
  // The lanes behind the last entry are compared, too, but nobody looks at the result.
  std::fill_n(keys.data() + (size - 1) / kAtOnce * 3, 3, Lanes{});
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint64_t distance = book_->prefix(entries[i]) ^ target.words[0];
    const std::uint64_t telling = bucket < 63 ? distance << (bucket + 1) : 0;
    keys[i / kLanes][i % kLanes] = static_cast<std::int16_t>((telling >> 48) ^ 0x8000U);
  }
  std::size_t places = 0;
  for (std::size_t first = 0; first < size; first += kAtOnce) {
    const Lanes* own = keys.data() + first / kLanes;
    Lanes nearer[3] = {};
    for (std::size_t i = 0; i < size; ++i) {
      const Lanes other = Lanes{} + keys[i / kLanes][i % kLanes];
      nearer[0] -= other < own[0];
      nearer[1] -= other < own[1];
      nearer[2] -= other < own[2];
    }
    for (std::size_t i = first; i < std::min(first + kAtOnce, size); ++i) {
      const auto place = static_cast<std::size_t>(nearer[(i - first) / kLanes][i % kLanes]);
      nearest[place] = entries[i];
      places += place;
    }
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
  const std::size_t start = starts_[bucket];
  prefetch_range(entries_.data() + start - std::min(start, kHintedBefore),
                 kHintedOfAnswer * sizeof(ContactRef));
}

}  // namespace macula::dht
