// The contacts of an answer become candidates: all at once, so that none of those known moves
// twice.
#include <algorithm>
#include <limits>

#include "dht/lookup/lookup.h"

namespace macula::dht {
namespace {

constexpr std::uint8_t kMaxDepth = std::numeric_limits<std::uint8_t>::max();

// From one answer. Who answers may have a larger k.
std::size_t most_taken(std::uint32_t k) {
  return std::max<std::size_t>(k, ContactList::kInPlace);
}

}  // namespace

std::optional<Lookup::Outstanding> Lookup::on_answer(ContactRef from, const ContactList& nodes) {
  const auto settled = settle(from, State::answered);
  if (!settled) return std::nullopt;
  drop_other_addresses(from);
  const auto depth = static_cast<std::uint8_t>(std::min<int>(settled->depth + 1, kMaxDepth));
  if (nodes.size() > most_taken(rules_.k)) {
    add_closest(nodes, depth);
  } else {
    add_all(nodes.begin(), nodes.end(), depth);
  }
  end_round();
  return settled;
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
  const bool full = candidates_.size() >= candidate_limit();
  Fresh fresh;
  for (const ContactRef* node = begin; node != end; ++node) {
    if (is_recent(*node)) continue;
    const std::uint64_t distance = distance_of(*node);
    if (full && before(candidates_.back(), distance, *node)) continue;
    if (book_->has_alias(*node)) {
      merge(fresh);
      add_new(*node, depth);
      continue;
    }
    if (fresh.count == fresh.nearest.size()) merge(fresh);
    std::size_t at = fresh.count++;
    for (; at > 0 && !before(fresh.nearest[at - 1], distance, *node); --at) {
      fresh.nearest[at] = fresh.nearest[at - 1];
    }
    fresh.nearest[at] = {distance, *node, heard_, depth, State::heard};
    if (heard_ < std::numeric_limits<std::uint16_t>::max()) ++heard_;
  }
  merge(fresh);
}

// From the farthest on. Then as many leave as came when there was no room.
void Lookup::merge(Fresh& fresh) {
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
  if (kept == 0) return;
  const std::size_t limit = candidate_limit();
  const std::size_t room = limit - std::min(limit, candidates_.size());
  asked_before_ = std::min(asked_before_, static_cast<std::uint32_t>(places[0]));
  std::size_t end = candidates_.size();
  candidates_.resize(end + kept);
  for (std::size_t i = kept; i-- > 0;) {
    for (; end > places[i]; --end) candidates_[end + i] = candidates_[end - 1];
    candidates_[end + i] = fresh.nearest[i];
  }
  for (; kept > room; --kept) drop_heard_beyond(limit);
}

}  // namespace macula::dht
