#include "dht/join.h"

#include <algorithm>

#include "dht/token.h"

namespace macula::dht {

void Join::start() {
  if (bootstrap_.empty()) {
    state_ = State::joined;
    return;
  }
  state_ = State::joining;
  const Searches::Goal goal{context_->self_id(), Searches::Kind::find_node, std::nullopt,
                            bootstrap_, true};
  searches_->start(goal, [this](SearchResult& result) { on_self_lookup(result); });
}

void Join::on_self_lookup(const SearchResult& result) {
  if (result.closest.empty()) {
    retry_later();
    return;
  }
  retry_delay_ = kFirstRetry;
  if (!context_->protocol.refresh_on_join) {
    state_ = State::joined;
    return;
  }
  refresh(bucket_index(context_->self_id(), context_->book.id(result.closest.front())) - 1);
}

// One bucket after another, from the nearest to the farthest.
void Join::refresh(int bucket) {
  if (bucket < 0) {
    state_ = State::joined;
    if (context_->table.size() == 0) on_lost();
    return;
  }
  const Searches::Goal goal{
      context_->random_id_in(bucket), Searches::Kind::find_node, std::nullopt, {}, true};
  searches_->start(goal, [this, bucket](SearchResult&) { refresh(bucket - 1); });
}

void Join::retry_later() {
  state_ = State::waiting;
  // Between half and one and a half of the delay.
  const auto half = static_cast<std::uint64_t>(retry_delay_.count()) / 2;
  const Duration jittered{static_cast<std::int64_t>(half + context_->host.random() % (2 * half))};
  context_->host.set_timer(jittered, make_token(Concern::join_retry, 0));
  retry_delay_ = std::min(2 * retry_delay_, kLongestRetry);
}

void Join::on_lost() {
  if (state_ == State::joined && !bootstrap_.empty()) retry_later();
}

void Join::on_retry() {
  if (state_ == State::waiting) start();
}

void Join::add_bootstrap(ContactRef contact) {
  bootstrap_.push_back(contact);
  if (state_ == State::idle || state_ == State::waiting) start();
}

}  // namespace macula::dht
