#include "dht/lookup.h"

#include <algorithm>
#include <limits>

#include "base/check.h"

namespace macula::dht {
namespace {

// How many candidates are kept, the nearest. Those heard of come before those that fail: where half
// of all nodes are dead, the k closest live ones are among the 2 k closest known, and must still be
// there when the dead have timed out. Two more for each that has failed. Farther ones that were
// asked are kept, too.
std::size_t candidate_limit(std::uint32_t k, std::uint32_t failures) {
  return 2 * std::size_t{k} + 11 + 2 * std::size_t{failures};
}

constexpr std::uint8_t kMaxDepth = std::numeric_limits<std::uint8_t>::max();

}  // namespace

Lookup::Lookup(const ContactBook& book, const NodeId& self, const NodeId& target,
               const LookupRules& rules)
    : book_(&book), self_(self), target_(target), rules_(rules) {
  MACULA_CHECK(rules.k >= 1 && rules.alpha >= 1);
  candidates_.reserve(candidate_limit(rules.k, 0) + 1);
  recent_.fill(kNoContact);
}

bool Lookup::before(const Candidate& a, std::uint64_t distance, ContactRef ref) const {
  if (a.distance != distance) return a.distance < distance;
  return a.ref != ref && book_->closer(a.ref, ref, target_);
}

// Binary search on the first 64 bits: this is where a lookup spends its time. Of the
// candidates at the same first 64 bits of distance, all but never more than one, the rest of the
// distance decides.
std::vector<Lookup::Candidate>::iterator Lookup::position(std::uint64_t distance, ContactRef ref) {
  const Candidate* first = candidates_.data();
  std::size_t length = candidates_.size();
  while (length > 1) {
    const std::size_t half = length / 2;
    first += first[half - 1].distance < distance ? half : 0;
    length -= half;
  }
  auto place = candidates_.begin() + (first - candidates_.data());
  while (place != candidates_.end() && before(*place, distance, ref)) ++place;
  return place;
}

void Lookup::add(ContactRef contact, std::uint8_t depth) {
  if (recent(contact) == contact) return;
  const std::uint64_t distance = book_->prefix(contact) ^ target_.words[0];
  const std::size_t limit = candidate_limit(rules_.k, stats_.failures);
  const bool full = candidates_.size() >= limit;
  if (full && before(candidates_.back(), distance, contact)) return;
  const auto place = position(distance, contact);
  // The same id, under this address or another, stands at its place already.
  if (place != candidates_.end() && place->distance == distance &&
      (place->ref == contact || book_->id(place->ref) == book_->id(contact))) {
    recent(contact) = contact;
    return;
  }
  if (book_->has_id(contact, self_)) return;
  candidates_.insert(place, {distance, contact, heard_, depth, State::heard});
  recent(contact) = contact;
  if (heard_ < std::numeric_limits<std::uint16_t>::max()) ++heard_;
  if (full) drop_heard_beyond(limit);
}

// The farthest, if `limit` candidates are nearer: however many were asked, who is near stays. So
// does whoever is still to be asked in this round.
void Lookup::drop_heard_beyond(std::size_t limit) {
  const auto nearest_end = candidates_.begin() + static_cast<std::ptrdiff_t>(limit);
  for (auto candidate = candidates_.end(); candidate != nearest_end;) {
    --candidate;
    if (candidate->state == State::heard &&
        std::find(round_.begin(), round_.end(), candidate->ref) == round_.end()) {
      if (recent(candidate->ref) == candidate->ref) recent(candidate->ref) = kNoContact;
      candidates_.erase(candidate);
      return;
    }
  }
}

std::optional<ContactRef> Lookup::next() {
  if (finished_) return std::nullopt;
  if (rules_.stop == StopRule::no_change) return next_in_round();

  const std::size_t parallel = rules_.sequential ? 1 : rules_.alpha;
  if (outstanding_.size() >= parallel) return std::nullopt;
  if (Candidate* candidate = first_to_ask()) return ask(*candidate);
  finished_ = outstanding_.empty();
  return std::nullopt;
}

// The nearest candidate not yet asked among those that count: the k closest that have not failed,
// or with rule `slot` the k closest.
Lookup::Candidate* Lookup::first_to_ask() {
  std::size_t counted = 0;
  for (Candidate& candidate : candidates_) {
    if (candidate.state == State::failed && rules_.stop == StopRule::paper) continue;
    if (counted++ == rules_.k) return nullptr;
    if (candidate.state == State::heard) return &candidate;
  }
  return nullptr;
}

// Macula 0.8: ask the first alpha not yet asked of the k-list, all of them before looking at what
// changed; stop when the round left the k-list as it was, or nothing is left to ask.
std::optional<ContactRef> Lookup::next_in_round() {
  const std::size_t parallel = rules_.sequential ? 1 : rules_.alpha;
  if (outstanding_.size() >= parallel) return std::nullopt;
  if (round_.empty()) {
    if (!outstanding_.empty()) return std::nullopt;
    std::vector<ContactRef> list;
    for (const Candidate& candidate : candidates_) {
      if (list.size() == rules_.k) break;
      list.push_back(candidate.ref);
      if (candidate.state == State::heard && round_.size() < rules_.alpha) {
        round_.push_back(candidate.ref);
      }
    }
    if (round_.empty() || (stats_.rpcs > 0 && list == round_list_)) {
      round_.clear();
      finished_ = true;
      return std::nullopt;
    }
    std::reverse(round_.begin(), round_.end());
    round_list_ = std::move(list);
  }
  const ContactRef contact = round_.back();
  round_.pop_back();
  return ask(*position(book_->prefix(contact) ^ target_.words[0], contact));
}

std::optional<ContactRef> Lookup::ask(Candidate& candidate) {
  MACULA_CHECK(candidate.state == State::heard);
  candidate.state = State::asked;
  const auto chain = static_cast<std::uint16_t>(longest_chain_done_ + 1);
  outstanding_.push_back({candidate.ref, chain, candidate.depth});
  ++stats_.rpcs;
  stats_.rounds = std::max(stats_.rounds, std::uint32_t{chain});
  return candidate.ref;
}

std::optional<Lookup::Outstanding> Lookup::settle(ContactRef from, State outcome) {
  const auto asked = std::find_if(outstanding_.begin(), outstanding_.end(),
                                  [&](const Outstanding& request) { return request.ref == from; });
  if (asked == outstanding_.end()) return std::nullopt;
  const Outstanding settled = *asked;
  outstanding_.erase(asked);
  longest_chain_done_ = std::max(longest_chain_done_, settled.chain);
  const auto candidate = position(book_->prefix(from) ^ target_.words[0], from);
  MACULA_CHECK(candidate != candidates_.end() && candidate->ref == from);
  candidate->state = outcome;
  return settled;
}

void Lookup::on_answer(ContactRef from, const ContactList& nodes) {
  const auto settled = settle(from, State::answered);
  if (!settled) return;
  const auto depth = static_cast<std::uint8_t>(std::min<int>(settled->depth + 1, kMaxDepth));
  for (const ContactRef node : nodes) add(node, depth);
}

void Lookup::on_failure(ContactRef from) {
  if (settle(from, State::failed)) ++stats_.failures;
}

std::vector<ContactRef> Lookup::closest() const {
  std::vector<ContactRef> closest;
  closest.reserve(rules_.k);
  for (const Candidate& candidate : candidates_) {
    if (closest.size() == rules_.k) break;
    if (candidate.state == State::answered) closest.push_back(candidate.ref);
  }
  return closest;
}

std::vector<ContactRef> Lookup::closest_heard() const {
  std::vector<ContactRef> closest;
  for (const Candidate& candidate : candidates_) {
    if (closest.size() == rules_.k) break;
    closest.push_back(candidate.ref);
  }
  return closest;
}

LookupStats Lookup::stats() const {
  LookupStats stats = stats_;
  std::size_t answered = 0;
  const Candidate* first = nullptr;
  const Candidate* farthest = nullptr;
  for (const Candidate& candidate : candidates_) {
    if (answered == rules_.k) break;
    if (candidate.state != State::answered) continue;
    ++answered;
    farthest = &candidate;
    if (first == nullptr || candidate.order < first->order) first = &candidate;
  }
  const bool self_is_one =
      answered < rules_.k || distance(self_, target_) < distance(book_->id(farthest->ref), target_);
  stats.depth = self_is_one ? 0 : first->depth;
  return stats;
}

void Lookup::check_invariants() const {
  MACULA_CHECK(outstanding_.size() <= rules_.alpha);
  std::size_t asked = 0;
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    const Candidate& candidate = candidates_[i];
    if (candidate.state == State::asked) ++asked;
    if (i > 0) MACULA_CHECK(before(candidates_[i - 1], candidate.distance, candidate.ref));
    MACULA_CHECK(book_->id(candidate.ref) != self_);
  }
  MACULA_CHECK(asked == outstanding_.size());
  MACULA_CHECK(!finished_ || outstanding_.empty());
}

}  // namespace macula::dht
