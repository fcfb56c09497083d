// What holds of a routing table after every operation.
#include <algorithm>

#include "base/check.h"
#include "dht/table/routing_table.h"

namespace macula::dht {

void RoutingTable::check_invariants() const {
  MACULA_CHECK(starts_[0] == 0 && starts_.back() == entries_.size());
  MACULA_CHECK(states_.size() == entries_.size());
  MACULA_CHECK(spares_.size() <= bucket_count() * kSpares);
  for (std::size_t bucket = 0; bucket < bucket_count(); ++bucket) {
    MACULA_CHECK(starts_[bucket] <= starts_[bucket + 1]);
    MACULA_CHECK(bucket_entries(bucket) <= rules_.bucket_size);
    for (std::size_t i = starts_[bucket]; i < end_of(bucket); ++i) {
      const NodeId& id = book_->id(entries_[i]);
      MACULA_CHECK(static_cast<std::size_t>(bucket_index(self_, id)) == bucket);
      MACULA_CHECK(!dead_.contains(entries_[i]));
      MACULA_CHECK(!rules_.evict || states_[i].failures() < kBad);
      for (std::size_t j = starts_[bucket]; j < i; ++j) {
        MACULA_CHECK(!book_->has_id(entries_[j], id));
      }
    }
    check_spares(bucket);
  }
  MACULA_CHECK(
      static_cast<std::size_t>(std::count_if(states_.begin(), states_.end(), [](EntryState state) {
        return is_on_trial(state);
      })) == on_trial_);
  if (rules_.evict) check_addresses();
}

void RoutingTable::check_spares(std::size_t bucket) const {
  const ContactRef* held = spares(bucket);
  if (held == nullptr) return;
  const ContactRef* entries = entries_.data();
  for (std::size_t i = 0; i < kSpares; ++i) {
    if (held[i] == kNoContact) {
      MACULA_CHECK(i + 1 == kSpares || held[i + 1] == kNoContact);
      continue;
    }
    MACULA_CHECK(static_cast<std::size_t>(bucket_of(held[i])) == bucket);
    const auto is_it = [&](ContactRef other) { return same_node(other, held[i]); };
    MACULA_CHECK(std::none_of(entries + starts_[bucket], entries + end_of(bucket), is_it));
    MACULA_CHECK(std::none_of(held, held + i, is_it));
  }
}

void RoutingTable::check_addresses() const {
  for (std::size_t bucket = 0; bucket < bucket_count() && book_->shares_subnets(); ++bucket) {
    for (std::size_t i = starts_[bucket]; i < end_of(bucket); ++i) {
      const std::uint64_t subnet = subnet_of(book_->endpoint(entries_[i]));
      std::size_t same = 0;
      for (std::size_t j = starts_[bucket]; j < end_of(bucket); ++j) {
        same += subnet != 0 && subnet_of(book_->endpoint(entries_[j])) == subnet ? 1 : 0;
      }
      MACULA_CHECK(same <= rules_.subnet_limit);
    }
  }
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (book_->is_relayed(entries_[i]) || !book_->shares_endpoint(entries_[i])) continue;
    for (std::size_t j = 0; j < i; ++j) {
      MACULA_CHECK(book_->is_relayed(entries_[j]) ||
                   !(book_->endpoint(entries_[j]) == book_->endpoint(entries_[i])));
    }
  }
}

}  // namespace macula::dht
