#include "dht/routing_table.h"

#include "base/check.h"

namespace macula::dht {

RoutingTable::RoutingTable(const ContactBook& book, const NodeId& self, std::size_t bucket_size)
    : book_(&book), self_(self), bucket_size_(bucket_size) {
  MACULA_CHECK(bucket_size >= 1 && bucket_size <= kMaxBucketSize);
}

// Most often the first 64 bits tell.
int RoutingTable::bucket_of(ContactRef contact) const {
  const std::uint64_t difference = book_->prefix(contact) ^ self_.words[0];
  return difference != 0 ? __builtin_clzll(difference) : bucket_index(self_, book_->id(contact));
}

void RoutingTable::observe(ContactRef contact) {
  const int index = bucket_of(contact);
  if (index == NodeId::kBits) return;
  const auto bucket = static_cast<std::size_t>(index);
  if (bucket >= bucket_count()) {
    insert(bucket, contact);
    return;
  }
  const std::size_t begin = starts_[bucket];
  const std::size_t count = starts_[bucket + 1] - begin;
  ContactRef* entries = entries_.data() + begin;
  auto known = static_cast<std::size_t>(std::find(entries, entries + count, contact) - entries);
  if (known == count && book_->has_alias(contact)) {
    const NodeId& id = book_->id(contact);
    for (known = 0; known < count && book_->id(entries[known]) != id;) ++known;
  }
  if (known < count) {
    std::copy(entries + known + 1, entries + count, entries + known);
    entries[count - 1] = contact;
  } else if (count < bucket_size_) {
    insert(bucket, contact);
  }
}

void RoutingTable::insert(std::size_t bucket, ContactRef contact) {
  while (bucket_count() <= bucket) starts_.push_back(starts_.back());
  entries_.insert(entries_.begin() + starts_[bucket + 1], contact);
  for (std::size_t i = bucket + 1; i < starts_.size(); ++i) ++starts_[i];
}

void RoutingTable::remove(ContactRef contact) {
  const int index = bucket_of(contact);
  const auto bucket = static_cast<std::size_t>(index);
  if (index == NodeId::kBits || bucket >= bucket_count()) return;
  const auto end = entries_.begin() + starts_[bucket + 1];
  const auto known = std::find(entries_.begin() + starts_[bucket], end, contact);
  if (known == end) return;
  entries_.erase(known);
  for (std::size_t i = bucket + 1; i < starts_.size(); ++i) --starts_[i];
}

bool RoutingTable::contains(ContactRef contact) const {
  const int index = bucket_of(contact);
  const auto bucket = static_cast<std::size_t>(index);
  if (index == NodeId::kBits || bucket >= bucket_count()) return false;
  const auto end = entries_.begin() + starts_[bucket + 1];
  return std::find(entries_.begin() + starts_[bucket], end, contact) != end;
}

// Insertion into the short sorted list of the best so far: most entries fail its last place at
// once.
void RoutingTable::rank_bucket(std::size_t bucket, const NodeId& target, std::size_t count,
                               std::array<ContactRef, kMaxBucketSize>& nearest) const {
  std::array<Ranked, kMaxBucketSize> ranked;
  const auto before = [&](const Ranked& a, const Ranked& b) {
    if (a.distance != b.distance) return a.distance < b.distance;
    return book_->closer(a.ref, b.ref, target);
  };
  std::size_t filled = 0;
  for (std::size_t i = starts_[bucket]; i < starts_[bucket + 1]; ++i) {
    const Ranked entry{book_->prefix(entries_[i]) ^ target.words[0], entries_[i]};
    std::size_t place = filled;
    if (filled < count) {
      ++filled;
    } else if (before(entry, ranked[filled - 1])) {
      --place;
    } else {
      continue;
    }
    for (; place > 0 && before(entry, ranked[place - 1]); --place)
      ranked[place] = ranked[place - 1];
    ranked[place] = entry;
  }
  for (std::size_t i = 0; i < count; ++i) nearest[i] = ranked[i].ref;
}

void RoutingTable::check_invariants() const {
  MACULA_CHECK(starts_[0] == 0 && starts_.back() == entries_.size());
  for (std::size_t bucket = 0; bucket < bucket_count(); ++bucket) {
    MACULA_CHECK(starts_[bucket] <= starts_[bucket + 1]);
    MACULA_CHECK(bucket_entries(bucket) <= bucket_size_);
    for (std::size_t i = starts_[bucket]; i < starts_[bucket + 1]; ++i) {
      const NodeId& id = book_->id(entries_[i]);
      MACULA_CHECK(static_cast<std::size_t>(bucket_index(self_, id)) == bucket);
      for (std::size_t j = starts_[bucket]; j < i; ++j) {
        MACULA_CHECK(!book_->has_id(entries_[j], id));
      }
    }
  }
}

}  // namespace macula::dht
