#include "dht/node/join.h"

#include <algorithm>

#include "dht/node/maintenance.h"
#include "dht/node/token.h"

namespace macula::dht {

void Join::start() {
  if (bootstraps_ == nullptr && contacts_.empty()) {
    finish();
  } else {
    attempt();
  }
}

void Join::stop() {
  stopped_ = true;
  if (timer_ != kNoTimer) context_->host.cancel_timer(timer_);
  timer_ = kNoTimer;
}

void Join::attempt() {
  state_ = State::joining;
  if (bootstraps_ != nullptr) bootstraps_->ask_all();
  if ((known_ > 0 || context_->table.size() > 0) && !looking_up_) {
    look_up_self({contacts_.begin(), contacts_.begin() + known_}, {});
  }
}

void Join::look_up_self(std::vector<ContactRef> start, std::vector<ContactRef> first) {
  looking_up_ = true;
  Searches::Goal goal;
  goal.target = context_->self_id();
  goal.start = std::move(start);
  goal.first = std::move(first);
  searches_->start(goal, [this](SearchResult& result) { on_self_lookup(result); });
}

void Join::on_self_lookup(const SearchResult& result) {
  looking_up_ = false;
  if (stopped_) return;
  if (look_up_late()) return;
  if (state_ == State::joined) return;
  if (result.closest.empty()) {
    if (!asking()) give_up_for_now();
    return;
  }
  doublings_ = 0;
  remember_silent();
  if (!context_->protocol.refresh_on_join) {
    finish();
    return;
  }
  refresh(bucket_index(context_->self_id(), context_->book.id(result.closest.front())) - 1);
}

// Contacts of a former life that are not there now may be on the other side of a partition.
void Join::remember_silent() {
  if (!context_->protocol.evict) return;
  for (std::uint32_t i = 0; i < known_; ++i) {
    if (!in_table(contacts_[i])) {
      context_->table.dead().bury_lasting(contacts_[i], context_->host.now());
    }
  }
}

bool Join::look_up_late() {
  if (bootstraps_ == nullptr) return false;
  std::vector<ContactRef> met;
  for (Place& place : bootstraps_->places()) {
    if (place.late && !in_table(place.contact)) met.push_back(place.contact);
    place.late = false;
  }
  if (met.empty()) return false;
  look_up_self({}, std::move(met));
  return true;
}

// One bucket after another, from the nearest to the farthest.
void Join::refresh(int bucket) {
  if (stopped_) return;
  if (bucket < 0) {
    finish();
    return;
  }
  Searches::Goal goal;
  goal.target = context_->random_id_in(bucket);
  searches_->start(goal, [this, bucket](SearchResult&) { refresh(bucket - 1); });
}

void Join::finish() {
  state_ = State::joined;
  const bool alone = bootstraps_ == nullptr && contacts_.empty();
  if (context_->table.size() == 0 && !alone) {
    retry_later();
  } else {
    care_for_few();
    wake_for_bootstraps();
  }
}

void Join::care_for_few() {
  const bool few = context_->table.size() < kFew;
  if (few && context_->protocol.evict && context_->maintenance != nullptr) {
    context_->maintenance->want(Chore::probe, context_->table.patience());
  }
}

void Join::give_up_for_now() {
  if (state_ == State::joining) retry_later();
}

void Join::retry_later() {
  state_ = State::waiting;
  const Duration delay = std::min<Duration>(kFirstRetry * (1 << doublings_), kLongestRetry);
  if (delay < kLongestRetry) ++doublings_;
  if (timer_ != kNoTimer) context_->host.cancel_timer(timer_);
  timer_ = context_->host.set_timer(jittered(context_->host, draws::kJoin, delay),
                                    make_token(Concern::join_retry, 0));
}

void Join::wake_for_bootstraps() {
  if (bootstraps_ == nullptr || state_ != State::joined || stopped_) return;
  const Time next = bootstraps_->next();
  if (timer_ != kNoTimer) context_->host.cancel_timer(timer_);
  timer_ = kNoTimer;
  if (next == kTimeMax) return;
  const Time now = context_->host.now();
  timer_ = context_->host.set_timer(std::max(next, now) - now, make_token(Concern::join_retry, 0));
}

void Join::on_retry() {
  timer_ = kNoTimer;
  if (state_ == State::waiting) {
    attempt();
    return;
  }
  if (bootstraps_ == nullptr) return;
  for (Place& place : bootstraps_->places()) {
    if (place.again <= context_->host.now()) bootstraps_->ask(place);
  }
  wake_for_bootstraps();
}

void Join::on_met(Token token, ContactRef contact) {
  if (stopped_ || bootstraps_ == nullptr) return;
  Place* place = bootstraps_->met(token, contact);
  if (place == nullptr) return;
  const Endpoint endpoint = place->endpoint;
  if (contact == kNoContact) {
    bootstraps_->ask_again(*place);
    wake_for_bootstraps();
    if (!looking_up_ && !asking()) give_up_for_now();
  } else if (context_->book.has_id(contact, context_->self_id())) {
    bootstraps_->remove(*place);
    if (bootstraps_->empty()) bootstraps_.reset();
    collect_contacts();
    if (state_ == State::joining && !looking_up_ && !asking()) start();
  } else {
    collect_contacts();
    if (looking_up_) {
      place->late = true;
    } else if (state_ != State::joined || !in_table(contact)) {
      if (state_ == State::waiting) state_ = State::joining;
      look_up_self({}, {contact});
    }
  }
  context_->application.on_bootstrap(endpoint, contact);
}

void Join::set_endpoints(const std::vector<Endpoint>& endpoints) {
  if (bootstraps_ == nullptr) bootstraps_ = std::make_unique<Bootstraps>(*context_);
  bootstraps_->set(endpoints);
  if (bootstraps_->empty()) bootstraps_.reset();
  collect_contacts();
  if (bootstraps_ == nullptr || state_ == State::idle || stopped_) return;
  for (Place& place : bootstraps_->places()) {
    const bool fresh = place.contact == kNoContact && !place.asking && place.again == kTimeMax;
    if (fresh) bootstraps_->ask(place);
  }
}

void Join::on_failed(ContactRef contact, bool left) {
  if (state_ != State::joined || stopped_) return;
  if (left && context_->table.size() == 0) {
    if (bootstraps_ != nullptr || known_ > 0) retry_later();
    return;
  }
  if (bootstraps_ == nullptr) return;
  const bool few = left && context_->table.size() < kFew;
  for (Place& place : bootstraps_->places()) {
    if ((few || bootstraps_->is_at(place, contact)) && !in_table(place.contact)) {
      bootstraps_->ask_again(place);
    }
  }
  wake_for_bootstraps();
}

void Join::collect_contacts() {
  contacts_.resize(known_);
  if (bootstraps_ == nullptr) return;
  for (const Place& place : bootstraps_->places()) {
    if (place.contact != kNoContact) contacts_.push_back(place.contact);
  }
}

bool Join::in_table(ContactRef contact) const {
  return contact != kNoContact && context_->table.contains(contact);
}

}  // namespace macula::dht
