#include "dht/graveyard.h"

namespace macula::dht {

void Graveyard::bury(ContactRef contact, Time now) {
  const Grave grave{contact, to_seconds(now), 0};
  if (graves_.size() < kLimit) {
    graves_.push_back(grave);
    return;
  }
  const auto oldest =
      std::max_element(graves_.begin(), graves_.end(),
                       [](const Grave& a, const Grave& b) { return a.visits < b.visits; });
  *oldest = grave;
}

bool Graveyard::exhume(ContactRef contact) {
  const auto grave = std::find_if(graves_.begin(), graves_.end(),
                                  [&](const Grave& one) { return one.contact == contact; });
  if (grave == graves_.end()) return false;
  graves_.erase(grave);
  return true;
}

bool Graveyard::contains(ContactRef contact) const {
  return std::any_of(graves_.begin(), graves_.end(),
                     [&](const Grave& one) { return one.contact == contact; });
}

std::optional<ContactRef> Graveyard::next_to_visit(Time now) {
  for (std::size_t i = 0; i < graves_.size();) {
    Grave& grave = graves_[i];
    if (now - grave.visited() < grave.delay() / 2) {
      ++i;
    } else if (grave.visits == kVisits) {
      graves_.erase(graves_.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      grave.seconds = to_seconds(now);
      ++grave.visits;
      return grave.contact;
    }
  }
  return std::nullopt;
}

Time Graveyard::next_visit() const {
  Time next = kTimeMax;
  for (const Grave& grave : graves_) next = std::min(next, grave.visited() + grave.delay());
  return next;
}

}  // namespace macula::dht
