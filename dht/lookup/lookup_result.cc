// The result of a lookup.
#include <algorithm>

#include "dht/lookup/lookup.h"

namespace macula::dht {

std::vector<ContactRef> Lookup::closest() const {
  std::vector<ContactRef> closest;
  closest.reserve(rules_.k);
  for (const Candidate& candidate : candidates_) {
    if (closest.size() == rules_.k) break;
    if (candidate.state == State::answered) closest.push_back(candidate.ref);
  }
  return closest;
}

std::vector<ContactRef> Lookup::missed() const {
  std::vector<ContactRef> missed;
  std::size_t answered = 0;
  for (const Candidate& each : candidates_) {
    if (answered == rules_.k || missed.size() == rules_.k) break;
    if (each.state == State::answered) ++answered;
    if (each.state != State::slow && each.state != State::failed) continue;
    const bool answers = std::any_of(candidates_.begin(), candidates_.end(), [&](const auto& at) {
      return at.state == State::answered && book_->has_id(at.ref, book_->id(each.ref));
    });
    if (!answers) missed.push_back(each.ref);
  }
  return missed;
}

std::size_t Lookup::answered() const {
  const auto answered = std::count_if(candidates_.begin(), candidates_.end(), [](const auto& each) {
    return each.state == State::answered;
  });
  return std::min(static_cast<std::size_t>(answered), std::size_t{rules_.k});
}

std::vector<ContactRef> Lookup::closest_heard() const {
  std::vector<ContactRef> closest;
  const std::size_t count = std::min<std::size_t>(candidates_.size(), rules_.k);
  for (std::size_t i = 0; i < count; ++i) closest.push_back(candidates_[i].ref);
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

}  // namespace macula::dht
