#include "dht/lookup/lookup.h"

#include <algorithm>
#include <limits>
#include <string>

#include "base/check.h"

namespace macula::dht {
namespace {

// As many requests most lookups have under way at a time.
constexpr std::size_t kAtOnce = 8;
constexpr std::uint8_t kMaxDepth = std::numeric_limits<std::uint8_t>::max();

}  // namespace

Lookup::Lookup(const ContactBook& book, const NodeId& self, const NodeId& target,
               const LookupRules& rules)
    : book_(&book), target_(target), rules_(rules), self_(self) {
  MACULA_CHECK(rules.k >= 1 && rules.alpha >= 1);
  candidates_.reserve(candidate_limit() + ContactList::kInPlace);
  outstanding_.reserve(kAtOnce);
}

bool Lookup::offer(ContactRef contact) {
  if (!add(contact, 1)) return false;
  finished_ = false;
  return true;
}

bool Lookup::knows(ContactRef contact) const {
  return std::any_of(candidates_.begin(), candidates_.end(),
                     [&](const Candidate& candidate) { return candidate.ref == contact; });
}

std::size_t Lookup::parallelism() const {
  if (rules_.sequential) return 1;
  return widened_ ? std::max(rules_.alpha, rules_.k) : rules_.alpha;
}

std::optional<ContactRef> Lookup::next() {
  if (finished_ || asked() >= parallelism()) return std::nullopt;
  if (rules_.stop == StopRule::no_change) return next_in_round();
  if (Candidate* candidate = first_to_ask()) return ask(*candidate);
  finished_ = complete();
  return std::nullopt;
}

void Lookup::add_first(ContactRef contact) {
  add(contact, 1);
  if (rules_.stop != StopRule::no_change && knows(contact)) round_.insert(round_.begin(), contact);
}

// Whether such a candidate leaves its place among the k closest to the next one.
bool Lookup::steps_over(State state) const {
  return rules_.stop == StopRule::paper && (state == State::failed || state == State::slow);
}

// One of add_first, else the nearest candidate not yet asked among those that count: the k closest
// that are neither failed nor slow, or with rule `slot` the k closest.
Lookup::Candidate* Lookup::first_to_ask() {
  while (!round_.empty()) {
    Candidate& first = candidate(round_.back());
    round_.pop_back();
    if (first.state == State::heard) return &first;
  }
  const auto first = std::find_if(candidates_.begin() + static_cast<std::ptrdiff_t>(asked_before_),
                                  candidates_.end(),
                                  [](const Candidate& each) { return each.state == State::heard; });
  asked_before_ = static_cast<std::uint32_t>(first - candidates_.begin());
  if (first == candidates_.end()) return nullptr;
  if (first - candidates_.begin() < rules_.k) return &*first;
  if (!in_vain_) return nullptr;  // all of those before it count
  const auto counted = std::count_if(
      candidates_.begin(), first, [&](const Candidate& each) { return !steps_over(each.state); });
  return counted < rules_.k ? &*first : nullptr;
}

// With nobody left to ask: whether there is nothing to wait for either. Only slow ones may be
// outstanding, none of them among the k closest that count (with rule `waits` slow ones do).
bool Lookup::complete() const {
  if (outstanding_.empty()) return true;
  if (asked() > 0) return false;
  std::size_t counted = 0;
  for (const Candidate& candidate : candidates_) {
    if (steps_over(candidate.state) && !(rules_.waits && candidate.state == State::slow)) continue;
    if (counted == rules_.k) break;
    if (candidate.state == State::slow) return false;
    ++counted;
  }
  return counted == rules_.k;
}

// Macula 0.8: ask the first alpha not yet asked of the k-list, all of them before looking at what
// changed; stop when the round left the k-list as it was, or nothing is left to ask.
std::optional<ContactRef> Lookup::next_in_round() {
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
  return ask(candidate(contact));
}

std::optional<ContactRef> Lookup::ask(Candidate& candidate) {
  MACULA_CHECK(candidate.state == State::heard);
  candidate.state = State::asked;
  const auto chain = static_cast<std::uint16_t>(longest_chain_done_ + 1);
  if (stats_.rpcs == 0) round_closest_ = candidates_.front().ref;
  outstanding_.push_back({candidate.ref, chain, candidate.depth});
  ++stats_.rpcs;
  stats_.rounds = std::max(stats_.rounds, std::uint32_t{chain});
  return candidate.ref;
}

Lookup::Candidate& Lookup::candidate(ContactRef contact) {
  std::size_t at = position(distance_of(contact), contact);
  while (at < candidates_.size() && candidates_[at].ref != contact) ++at;  // at another address
  MACULA_CHECK(at < candidates_.size());
  return candidates_[at];
}

std::optional<Lookup::Outstanding> Lookup::settle(ContactRef from, State outcome) {
  const auto asked = std::find_if(outstanding_.begin(), outstanding_.end(),
                                  [&](const Outstanding& request) { return request.ref == from; });
  if (asked == outstanding_.end()) return std::nullopt;
  const Outstanding settled = *asked;
  outstanding_.erase(asked);
  if (settled.slow) --slow_;
  finished_ = false;  // if it was: the next `next` looks again
  longest_chain_done_ = std::max(longest_chain_done_, settled.chain);
  mark(candidate(from), outcome);
  return settled;
}

std::optional<Lookup::Outstanding> Lookup::on_answer(ContactRef from, const ContactList& nodes) {
  const auto settled = settle(from, State::answered);
  if (!settled) return std::nullopt;
  drop_other_addresses(from);
  const auto depth = static_cast<std::uint8_t>(std::min<int>(settled->depth + 1, kMaxDepth));
  add_named(nodes, depth);
  end_round();
  return settled;
}

std::optional<Lookup::Outstanding> Lookup::on_failure(ContactRef from, Failure failure) {
  const auto settled = settle(from, State::failed);
  if (!settled) return std::nullopt;
  ++stats_.failures;
  if (failure == Failure::timeout) ++stats_.timeouts;
  try_other_addresses(from);
  end_round();
  return settled;
}

void Lookup::on_slow(ContactRef contact) {
  const auto asked = std::find_if(
      outstanding_.begin(), outstanding_.end(),
      [&](const Outstanding& request) { return request.ref == contact && !request.slow; });
  if (asked == outstanding_.end()) return;
  asked->slow = true;
  ++slow_;
  ++stats_.slow;
  mark(candidate(contact), State::slow);
  try_other_addresses(contact);
  // The next peer is asked because of this silence: a link of the chain of requests.
  longest_chain_done_ = std::max(longest_chain_done_, asked->chain);
  end_round();
}

// If an outcome was the last of its round: did the round bring anybody closer?
void Lookup::end_round() {
  if (!rules_.widen || candidates_.empty()) return;
  for (const Outstanding& request : outstanding_) {
    if (!request.slow && request.chain <= round_chain_) return;
  }
  const ContactRef closest = candidates_.front().ref;
  widened_ = closest == round_closest_;
  round_closest_ = closest;
  round_chain_ = static_cast<std::uint16_t>(longest_chain_done_ + 1);
}

Violation Lookup::violation() const {
  if (!is_progress_sound()) {
    return finished_ ? "it has finished, and waits for answers"
                     : "it has asked " + std::to_string(this->asked()) + " at a time, with alpha " +
                           std::to_string(rules_.alpha);
  }
  std::size_t asked = 0;
  std::size_t slow = 0;
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    const Candidate& candidate = candidates_[i];
    if (i < asked_before_ && candidate.state == State::heard) {
      return "a candidate that it takes for asked is not";
    }
    if (candidate.state == State::asked) ++asked;
    if (candidate.state == State::slow) ++slow;
    if (i > 0 && book_->id(candidates_[i - 1].ref) != book_->id(candidate.ref) &&
        !before(candidates_[i - 1], candidate.distance, candidate.ref)) {
      return "its candidates are not in the order of their distances";
    }
    if (book_->id(candidate.ref) == self_) return "the node that runs it is among its candidates";
  }
  if (asked == this->asked() && slow == slow_) return {};
  return "it waits for " + std::to_string(asked) + " answers and " + std::to_string(slow) +
         " slow ones, and counts " + std::to_string(this->asked()) + " and " +
         std::to_string(slow_);
}

}  // namespace macula::dht
