// The candidates of a lookup: which contacts become some, in which order they stand, and which
// leave.
//
// Contacts of one answer enter together, so that none of those known moves twice; one that is added
// alone is an answer of one.
#include <algorithm>
#include <limits>

#include "dht/lookup/lookup.h"

namespace macula::dht {
namespace {

constexpr std::size_t kMostElsewhere = 64;

// From one answer. The answering node may have a larger k.
std::size_t most_taken(std::uint32_t k) {
  return std::max<std::size_t>(k, ContactList::kInPlace);
}

}  // namespace

// How many candidates are kept, the nearest. Those heard of come before those that fail: where half
// of all nodes are dead, the k closest live ones are among the 2 k closest known, and must still be
// there when the dead have timed out. Two more for each that has failed or is slow. Farther ones
// that were asked are kept, too.
std::size_t Lookup::candidate_limit() const {
  return 2 * std::size_t{rules_.k} + 11 + 2 * std::size_t{stats_.failures + slow_};
}

// Halved without a branch that depends on a distance.
std::size_t Lookup::position(std::uint64_t distance, ContactRef ref) const {
  const Candidate* candidates = candidates_.data();
  const std::size_t count = candidates_.size();
  std::size_t at = 0;
  for (std::size_t left = count; left > 0;) {
    const std::size_t half = (left + 1) / 2;
    const std::size_t is_nearer = candidates[at + half - 1].distance < distance ? 1 : 0;
    at += half & (std::size_t{0} - is_nearer);
    left = left - half;
  }
  while (at < count && candidates[at].distance == distance && before_at_tie(candidates[at], ref)) {
    ++at;
  }
  return at;
}

// The rest decides among those at the same first 64 bits of distance, all but never more than one.
bool Lookup::before_at_tie(const Candidate& a, ContactRef ref) const {
  return a.ref != ref && book_->closer(a.ref, ref, target_);
}

bool Lookup::add(ContactRef contact, std::uint8_t depth) {
  if (is_recent(contact)) return false;
  if (book_->has_alias(contact) && stands_back(contact, depth)) return false;
  Fresh one(*this);
  enter(one, contact, depth);
  return merge(one) > 0;
}

// While one of a node's addresses is asked, or has led to something, the others wait. Rule
// no_change, of Macula 0.8, knows one address a node.
bool Lookup::stands_back(ContactRef contact, std::uint8_t depth) {
  bool known = false;
  bool in_vain = true;
  for (std::size_t at = position(distance_of(contact), contact); at < candidates_.size(); ++at) {
    const Candidate& each = candidates_[at];
    if (!book_->has_id(each.ref, book_->id(contact))) break;
    if (each.ref == contact) return true;
    known = true;
    in_vain = in_vain && (each.state == State::failed || each.state == State::slow);
  }
  if (!known) return false;
  if (rules_.stop == StopRule::no_change || !book_->is_routable(contact)) return true;
  if (in_vain) return false;
  const auto same = [&](const auto& other) { return other.first == contact; };
  const bool waits = std::any_of(elsewhere_.begin(), elsewhere_.end(), same);
  if (!waits && elsewhere_.size() < kMostElsewhere) elsewhere_.emplace_back(contact, depth);
  return true;
}

void Lookup::try_other_addresses(ContactRef contact) {
  const auto other = std::find_if(elsewhere_.begin(), elsewhere_.end(), [&](const auto& each) {
    return book_->has_id(each.first, book_->id(contact));
  });
  if (other == elsewhere_.end()) return;
  const auto [ref, depth] = *other;
  elsewhere_.erase(other);
  add(ref, depth);
}

void Lookup::drop_other_addresses(ContactRef contact) {
  if (!book_->has_alias(contact)) return;
  const auto is_other = [&](ContactRef ref) {
    return ref != contact && book_->has_id(ref, book_->id(contact));
  };
  elsewhere_.erase(std::remove_if(elsewhere_.begin(), elsewhere_.end(),
                                  [&](const auto& each) { return is_other(each.first); }),
                   elsewhere_.end());
  for (Candidate& candidate : candidates_) {
    const bool done = candidate.state == State::heard || candidate.state == State::answered;
    if (done && is_other(candidate.ref)) mark(candidate, State::failed);
  }
}

void Lookup::add_named(const ContactList& nodes, std::uint8_t depth) {
  if (nodes.size() > most_taken(rules_.k)) {
    add_closest(nodes, depth);
  } else {
    add_all(nodes.begin(), nodes.end(), depth);
  }
}

// The closest of an answer that is longer than one should be, each counted once: however it is
// made, one peer cannot fill the candidates with its friends.
void Lookup::add_closest(const ContactList& nodes, std::uint8_t depth) {
  std::vector<ContactRef> sorted(nodes.begin(), nodes.end());
  std::sort(sorted.begin(), sorted.end(), [&](ContactRef a, ContactRef b) {
    return a != b && (book_->closer(a, b, target_) || (book_->id(a) == book_->id(b) && a < b));
  });
  const NodeId* last = &self_;
  std::vector<ContactRef> taken;
  for (const ContactRef node : sorted) {
    const NodeId& id = book_->id(node);
    if (id == *last || !is_of_use(node)) continue;
    if (taken.size() == most_taken(rules_.k)) break;
    last = &id;
    taken.push_back(node);
  }
  add_all(taken.data(), taken.data() + taken.size(), depth);
}

// As `add` one after another would. A node of several addresses is added alone.
void Lookup::add_all(const ContactRef* begin, const ContactRef* end, std::uint8_t depth) {
  Fresh fresh(*this);
  for (const ContactRef* node = begin; node != end; ++node) {
    if (is_recent(*node)) continue;
    if (book_->has_alias(*node)) {
      merge(fresh);
      add(*node, depth);
      continue;
    }
    if (fresh.count == fresh.nearest.size()) merge(fresh);
    enter(fresh, *node, depth);
  }
  merge(fresh);
}

// Not where there is no room, and it would be the last.
void Lookup::enter(Fresh& fresh, ContactRef contact, std::uint8_t depth) {
  const std::uint64_t distance = distance_of(contact);
  if (fresh.full && before(candidates_.back(), distance, contact)) return;
  std::size_t at = fresh.count++;
  for (; at > 0 && !before(fresh.nearest[at - 1], distance, contact); --at) {
    fresh.nearest[at] = fresh.nearest[at - 1];
  }
  fresh.nearest[at] = {distance, contact, heard_, depth, State::heard};
  if (heard_ < std::numeric_limits<std::uint16_t>::max()) ++heard_;
}

// From the farthest on. Then as many leave as came when there was no room. How many came.
std::size_t Lookup::merge(Fresh& fresh) {
  std::array<std::size_t, ContactList::kInPlace> places;
  std::size_t kept = 0;
  std::size_t place = 0;
  for (std::size_t i = 0; i < fresh.count; ++i) {
    const Candidate one = fresh.nearest[i];
    if (i == 0) place = position(one.distance, one.ref);
    while (place < candidates_.size() && before(candidates_[place], one.distance, one.ref)) ++place;
    const bool known = (place < candidates_.size() && candidates_[place].ref == one.ref) ||
                       (kept > 0 && fresh.nearest[kept - 1].ref == one.ref);
    if (!known && !is_of_use(one.ref)) continue;
    note_recent(one.ref);
    if (known) continue;
    places[kept] = place;
    fresh.nearest[kept++] = one;
  }
  fresh.count = 0;
  if (kept == 0) return 0;
  const std::size_t limit = candidate_limit();
  const std::size_t room = limit - std::min(limit, candidates_.size());
  asked_before_ = std::min(asked_before_, static_cast<std::uint32_t>(places[0]));
  std::size_t end = candidates_.size();
  candidates_.resize(end + kept);
  for (std::size_t i = kept; i-- > 0;) {
    for (; end > places[i]; --end) candidates_[end + i] = candidates_[end - 1];
    candidates_[end + i] = fresh.nearest[i];
  }
  for (std::size_t more = kept; more > room; --more) drop_heard_beyond(limit);
  return kept;
}

// The farthest, if `limit` candidates are nearer: however many were asked, who is near stays. So
// does whoever is still to be asked in this round.
void Lookup::drop_heard_beyond(std::size_t limit) {
  const auto nearest_end = candidates_.begin() + static_cast<std::ptrdiff_t>(limit);
  for (auto candidate = candidates_.end(); candidate != nearest_end;) {
    --candidate;
    if (candidate->state == State::heard &&
        std::find(round_.begin(), round_.end(), candidate->ref) == round_.end()) {
      forget_recent(candidate->ref);
      candidates_.erase(candidate);
      return;
    }
  }
}

}  // namespace macula::dht
