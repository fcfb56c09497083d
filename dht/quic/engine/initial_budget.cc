#include "dht/quic/engine/initial_budget.h"

namespace macula::dht::quic {

void InitialBudget::forget_before(Time now) {
  while (!spent_.empty() && spent_.front().first + window_ <= now) {
    const auto at = silent_.find(spent_.front().second);
    if (at != silent_.end() && at->second.last == spent_.front().first) {
      sent_ -= at->second.sent;
      silent_.erase(at);
    }
    spent_.pop_front();
  }
}

Time InitialBudget::allowed_from(const dht::Endpoint& remote, Time now) {
  if (answered_.contains(remote)) return now;
  forget_before(now);
  const auto at = silent_.find(remote);
  if (at != silent_.end() && at->second.sent >= each_) return at->second.last + window_;
  // Something of it was spent, or nothing is ever allowed.
  if (sent_ >= all_) return spent_.empty() ? kTimeMax : spent_.front().first + window_;
  return now;
}

void InitialBudget::spend(const dht::Endpoint& remote, Time now) {
  if (answered_.contains(remote)) return;
  Silent& silent = silent_[remote];
  ++silent.sent;
  silent.last = now;
  ++sent_;
  spent_.emplace_back(now, remote);
}

void InitialBudget::answered(const dht::Endpoint& remote) {
  const auto at = silent_.find(remote);
  if (at != silent_.end()) {
    sent_ -= at->second.sent;
    silent_.erase(at);
  }
  if (!answered_.insert(remote).second) return;
  first_answered_.push_back(remote);
  if (first_answered_.size() <= kRemembered) return;
  answered_.erase(first_answered_.front());
  first_answered_.pop_front();
}

}  // namespace macula::dht::quic
