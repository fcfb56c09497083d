#include "dht/record/publications.h"

#include <chrono>
#include <utility>

namespace macula::dht {

Publication* Publications::add(Publication publication) {
  const std::pair<Key, bool> name{publication.key, publication.provider};
  const auto known = publications_.find(name);
  if (known == publications_.end() && publications_.size() >= kLimit) return nullptr;
  Publication& added = publications_[name];
  added = std::move(publication);
  withdrawals_.erase(name);
  return &added;
}

Publication* Publications::find(const Key& key, bool provider) {
  const auto known = publications_.find({key, provider});
  return known != publications_.end() ? &known->second : nullptr;
}

Publication* Publications::find_any(const Key& key, bool provider) {
  if (Publication* published = find(key, provider)) return published;
  const auto known = withdrawals_.find({key, provider});
  return known != withdrawals_.end() ? &known->second : nullptr;
}

Publication& Publications::withdraw(Publication publication) {
  const std::pair<Key, bool> name{publication.key, publication.provider};
  publications_.erase(name);
  if (withdrawals_.size() >= kLimit) withdrawals_.erase(withdrawals_.begin());
  Publication& withdrawn = withdrawals_[name];
  withdrawn = std::move(publication);
  withdrawn.withdrawn = true;
  return withdrawn;
}

Publication* Publications::first(Duration republish_interval) {
  const auto due = [&](const Publication& publication) {
    return publication.published + republish_interval;
  };
  const auto first =
      std::min_element(publications_.begin(), publications_.end(),
                       [&](const auto& a, const auto& b) { return due(a.second) < due(b.second); });
  return first != publications_.end() ? &first->second : nullptr;
}

std::vector<Publication> Publications::providers() const {
  std::vector<Publication> providers;
  for (const auto& [name, publication] : publications_) {
    if (publication.provider) providers.push_back(publication);
  }
  return providers;
}

std::uint64_t Publications::next_sequence(Time now) {
  const auto clock =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  sequence_ = std::max(sequence_ + 1, static_cast<std::uint64_t>(clock));
  return sequence_;
}

}  // namespace macula::dht
