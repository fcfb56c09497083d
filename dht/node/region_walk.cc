#include "dht/node/region_walk.h"

#include <algorithm>

#include "base/check.h"

namespace macula::dht {

Prefix Prefix::of(const NodeId& id, int bits) {
  Prefix prefix{id, bits};
  for (int word = 0; word < 4; ++word) {
    const int kept = std::clamp(bits - 64 * word, 0, 64);
    const std::uint64_t mask = kept == 0 ? 0 : ~std::uint64_t{0} << (64 - kept);
    prefix.first.words[static_cast<std::size_t>(word)] &= mask;
  }
  return prefix;
}

std::optional<NodeId> Prefix::next() const {
  NodeId id = first;
  for (int i = bits - 1; i >= 0; --i) {
    id = flip_bit(id, i);
    if (bit(id, i)) return id;
  }
  return std::nullopt;
}

RegionWalk::RegionWalk(const ContactBook& book, ContactRef self, const NodeId& key, std::uint32_t k)
    : book_(&book), key_(key), k_(k), target_(key) {
  MACULA_CHECK(k >= 2);
  note(self);
}

void RegionWalk::note(ContactRef contact) {
  const auto place =
      std::lower_bound(nodes_.begin(), nodes_.end(), contact,
                       [this](ContactRef a, ContactRef b) { return book_->id(a) < book_->id(b); });
  if (place != nodes_.end() && book_->id(*place) == book_->id(contact)) return;
  nodes_.insert(place, contact);
}

std::size_t RegionWalk::count(const Prefix& prefix) const {
  return static_cast<std::size_t>(
      std::count_if(nodes_.begin(), nodes_.end(),
                    [&](ContactRef contact) { return prefix.contains(book_->id(contact)); }));
}

void RegionWalk::add(const std::vector<ContactRef>& closest) {
  MACULA_CHECK(!done());
  ++lookups_;
  if (closest.size() < k_ || lookups_ == kMostLookups) {
    none_ = true;
    target_.reset();
    return;
  }
  for (const ContactRef contact : closest) note(contact);
  const int shared = bucket_index(*target_, book_->id(closest.back()));
  if (!part_) {
    level_ = bits_ = shared;
    walk(Prefix::of(key_, level_));
    return;
  }
  const auto next = Prefix::of(*target_, shared + 1).next();
  const bool whole = shared < part_->bits || !next || !part_->contains(*next);
  // All of the other half are wanted where the key's own cannot do without them.
  const bool enough = other_half_ && is_ample(*part_) && has_enough(Prefix::of(key_, level_));
  if (whole || enough) {
    part_done();
  } else {
    target_ = *next;
  }
}

// Twice the space, beside it, then has no more than k nodes once in 10^8 times: drawn uniformly,
// they are as a negative binomial distribution says. Where k is small, 2 k are too few for that.
bool RegionWalk::is_ample(const Prefix& prefix) const {
  static constexpr std::size_t kLeast = 40;
  return count(prefix) > std::max(2 * std::size_t{k_}, kLeast);
}

void RegionWalk::part_done() {
  if (other_half_) {
    const bool can_cut = has_enough(*part_) && has_enough(Prefix::of(key_, level_));
    --level_;
    if (!can_cut) bits_ = level_;
    if (can_cut && is_ample(*part_)) {
      target_.reset();
      return;
    }
  }
  if (level_ == 0) {
    target_.reset();
    return;
  }
  other_half_ = true;
  walk(Prefix::of(flip_bit(key_, level_ - 1), level_));
}

void RegionWalk::walk(const Prefix& part) {
  part_ = part;
  target_ = part.first;
}

std::optional<Region> RegionWalk::region() const {
  MACULA_CHECK(done());
  if (none_) return std::nullopt;
  Region region{Prefix::of(key_, bits_), {}};
  for (const ContactRef contact : nodes_) {
    if (region.prefix.contains(book_->id(contact))) region.nodes.push_back(contact);
  }
  return region;
}

}  // namespace macula::dht
