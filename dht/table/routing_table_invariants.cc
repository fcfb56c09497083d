// The invariants of a routing table after every operation.
#include <algorithm>
#include <bitset>
#include <string>

#include "dht/table/routing_table.h"

namespace macula::dht {
namespace {

// Enough of an id to find it in a list of nodes.
constexpr std::size_t kShownDigits = 8;

std::string in_bucket(std::size_t bucket) {
  return " in bucket " + std::to_string(bucket);
}

}  // namespace

std::string RoutingTable::shown(ContactRef contact) const {
  return "the contact " + id_to_hex(book_->id(contact)).substr(0, kShownDigits);
}

Violation RoutingTable::violation() const {
  if (Violation wrong = bucket_violation()) return wrong;
  if (Violation wrong = health_violation()) return wrong;
  if (Violation wrong = spare_violation()) return wrong;
  return endpoint_violation();
}

Violation RoutingTable::bucket_violation() const {
  if (starts_[0] != 0 || starts_.back() != entries_.size() || states_.size() != entries_.size()) {
    return "its buckets have room for " + std::to_string(starts_.back()) + " contacts and it has " +
           std::to_string(entries_.size());
  }
  for (std::size_t bucket = 0; bucket < bucket_count(); ++bucket) {
    if (Violation wrong = size_violation(bucket)) return wrong;
    std::bitset<kMaxBucketSize> met;  // by the low bits of their handles
    for (std::size_t i = starts_[bucket]; i < end_of(bucket); ++i) {
      const auto own = static_cast<std::size_t>(bucket_of(entries_[i]));
      if (own != bucket) {
        return shown(entries_[i]) + " lies" + in_bucket(bucket) + " and belongs" + in_bucket(own);
      }
      const std::size_t mark = static_cast<std::uint32_t>(entries_[i]) % met.size();
      const bool fresh = !met[mark] && !book_->has_alias(entries_[i]);
      met.set(mark);
      if (!fresh && is_before(bucket, i)) {
        return shown(entries_[i]) + " lies twice" + in_bucket(bucket);
      }
    }
  }
  return {};
}

// Two contacts of one id are known to be that.
bool RoutingTable::is_before(std::size_t bucket, std::size_t at) const {
  const ContactRef contact = entries_[at];
  const ContactRef* const begin = entries_.data() + starts_[bucket];
  const ContactRef* const end = entries_.data() + at;
  if (std::find(begin, end, contact) != end) return true;
  return book_->has_alias(contact) && std::any_of(begin, end, [&](ContactRef other) {
           return book_->has_id(other, book_->id(contact));
         });
}

Violation RoutingTable::size_violation(std::size_t bucket) const {
  if (starts_[bucket] > starts_[bucket + 1]) {
    return "bucket " + std::to_string(bucket) + " ends before it begins";
  }
  if (bucket_entries(bucket) <= rules_.bucket_size) return {};
  return std::to_string(bucket_entries(bucket)) + " contacts lie" + in_bucket(bucket) +
         ", which holds " + std::to_string(rules_.bucket_size);
}

Violation RoutingTable::health_violation() const {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (!dead_.empty() && dead_.contains(entries_[i])) {
      return shown(entries_[i]) + " is in, and among the dead";
    }
    if (rules_.evict && states_[i].failures() >= kBad) {
      return shown(entries_[i]) + " is in after " + std::to_string(states_[i].failures()) +
             " failures in a row";
    }
  }
  const auto on_trial =
      std::count_if(states_.begin(), states_.end(), [](EntryState s) { return is_on_trial(s); });
  if (static_cast<std::size_t>(on_trial) == on_trial_) return {};
  return std::to_string(on_trial) + " contacts are on trial, and it counts " +
         std::to_string(on_trial_);
}

Violation RoutingTable::spare_violation() const {
  if (spares_.size() > bucket_count() * kSpares) {
    return "spares wait for buckets that there are not";
  }
  for (std::size_t bucket = 0; bucket < bucket_count(); ++bucket) {
    if (Violation wrong = spare_violation(bucket)) return wrong;
  }
  return {};
}

Violation RoutingTable::spare_violation(std::size_t bucket) const {
  const ContactRef* held = spares(bucket);
  if (held == nullptr) return {};
  const ContactRef* entries = entries_.data();
  for (std::size_t i = 0; i < kSpares; ++i) {
    if (held[i] == kNoContact) {
      if (i + 1 == kSpares || held[i + 1] == kNoContact) continue;
      return "a spare waits behind an empty place" + in_bucket(bucket);
    }
    if (static_cast<std::size_t>(bucket_of(held[i])) != bucket) {
      return shown(held[i]) + " waits" + in_bucket(bucket) + " and belongs" +
             in_bucket(static_cast<std::size_t>(bucket_of(held[i])));
    }
    const auto is_it = [&](ContactRef other) { return same_node(other, held[i]); };
    if (std::any_of(entries + starts_[bucket], entries + end_of(bucket), is_it)) {
      return shown(held[i]) + " waits for a place" + in_bucket(bucket) + ", and has one";
    }
    if (std::any_of(held, held + i, is_it)) {
      return shown(held[i]) + " waits twice" + in_bucket(bucket);
    }
  }
  return {};
}

Violation RoutingTable::endpoint_violation() const {
  if (!rules_.evict) return {};
  for (std::size_t bucket = 0; bucket < bucket_count() && book_->shares_subnets(); ++bucket) {
    for (std::size_t i = starts_[bucket]; i < end_of(bucket); ++i) {
      const std::uint64_t subnet = subnet_of(book_->endpoint(entries_[i]));
      std::size_t same = 0;
      for (std::size_t j = starts_[bucket]; j < end_of(bucket); ++j) {
        same += subnet != 0 && subnet_of(book_->endpoint(entries_[j])) == subnet ? 1 : 0;
      }
      if (same > rules_.subnet_limit) {
        return std::to_string(same) + " contacts of one subnet lie" + in_bucket(bucket) +
               ", which takes " + std::to_string(rules_.subnet_limit);
      }
    }
  }
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (book_->is_relayed(entries_[i]) || !book_->shares_endpoint(entries_[i])) continue;
    for (std::size_t j = 0; j < i; ++j) {
      if (!book_->is_relayed(entries_[j]) &&
          book_->endpoint(entries_[j]) == book_->endpoint(entries_[i])) {
        return shown(entries_[i]) + " has the endpoint of another, which is in, too";
      }
    }
  }
  return {};
}

bool RoutingTable::is_sound_around(ContactRef contact) const {
  if (starts_.back() != entries_.size() || states_.size() != entries_.size()) return false;
  const auto bucket = static_cast<std::size_t>(bucket_of(contact));
  if (bucket >= bucket_count()) return true;
  const std::size_t begin = starts_[bucket];
  const std::size_t end = end_of(bucket);
  if (end - begin > rules_.bucket_size) return false;  // also where it ends before it begins
  if (begin == end || entries_[end - 1] != contact) return true;
  for (std::size_t i = begin; i + 1 < end; ++i) {
    if (entries_[i] == contact) return false;
  }
  const ContactRef* held = spares(bucket);
  const bool waits = held != nullptr && std::find(held, held + kSpares, contact) != held + kSpares;
  return !waits && (!rules_.evict || states_[end - 1].failures() < kBad) &&
         (dead_.empty() || !dead_.contains(contact));
}

}  // namespace macula::dht
