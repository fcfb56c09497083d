#include "sim/study/lockstep.h"

#include <algorithm>

namespace macula::sim {

bool Lockstep::parted(std::size_t side, const std::vector<Checkpoint>& so_far) {
  std::unique_lock lock(mutex_);
  Side& own = sides_[side];
  const Side& other = sides_[1 - side];
  for (std::size_t i = own.digests.size(); i < so_far.size(); ++i) {
    own.digests.push_back(so_far[i].digest);
  }
  compare();
  moved_.notify_all();
  moved_.wait(lock, [&] {
    return parted_ || other.ended || own.digests.size() <= other.digests.size() + kAhead;
  });
  return parted_;
}

void Lockstep::ended(std::size_t side) {
  const std::lock_guard lock(mutex_);
  sides_[side].ended = true;
  moved_.notify_all();
}

void Lockstep::compare() {
  const auto& [a, b] = sides_;
  const std::size_t shared = std::min(a.digests.size(), b.digests.size());
  while (same_ < shared && a.digests[same_] == b.digests[same_]) ++same_;
  parted_ = same_ < shared;
}

}  // namespace macula::sim
