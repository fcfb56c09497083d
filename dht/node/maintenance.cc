#include "dht/node/maintenance.h"

#include <algorithm>

#include "dht/node/token.h"

namespace macula::dht {

void Maintenance::want(Chore chore, Duration within) {
  if (!context_->protocol.maintenance || parts_[index(chore)] == nullptr || stopped_) return;
  const Duration delay =
      jittered_within(context_->host, draws::kChore, std::max<Duration>(within, kShortest));
  Time& due = due_[index(chore)];
  due = std::min(due, context_->host.now() + delay);
  if (!busy_) set_timer();
}

void Maintenance::spent(Chore chore, std::size_t bytes) {
  const auto cost = static_cast<std::int64_t>(bytes) * Duration(std::chrono::seconds(1)).count() /
                    context_->protocol.maintenance_budget;
  const Time saved = context_->host.now() - kSaved;
  paid_ = std::max(paid_, saved) + Duration{cost};
  if (chore != Chore::replicate) own_paid_ = std::max(own_paid_, saved) + Duration{cost};
  bytes_ += bytes;
  context_->application.on_chore(chore, bytes);
}

void Maintenance::on_timer() {
  timer_ = kNoTimer;
  const Time now = context_->host.now();
  busy_ = true;
  for (Chore chore = first(); turn_of(chore) <= now; chore = first()) take_turn(chore);
  busy_ = false;
  set_timer();
}

void Maintenance::stop() {
  stopped_ = true;
  due_.fill(kTimeMax);
  if (timer_ != kNoTimer) context_->host.cancel_timer(timer_);
  timer_ = kNoTimer;
}

void Maintenance::take_turn(Chore chore) {
  due_[index(chore)] = kTimeMax;
  context_->application.on_turn(chore);
  const Turn turn = parts_[index(chore)]->take_turn(chore);
  spent(chore, turn.bytes);
  if (turn.next) want(chore, *turn.next);
}

Time Maintenance::turn_of(Chore chore) const {
  const Time due = due_[index(chore)];
  if (chore == Chore::expire) return due;
  return std::max(due, chore == Chore::replicate ? paid_ : own_paid_);
}

// The chore that has been due for longest among those that wait for the budget.
Chore Maintenance::first() const {
  Chore first = Chore::refresh;
  for (std::size_t i = 1; i < kChores; ++i) {
    const Chore chore{static_cast<std::uint8_t>(i)};
    const Time turn = turn_of(chore);
    const Time earliest = turn_of(first);
    if (turn < earliest || (turn == earliest && due_[i] < due_[index(first)])) first = chore;
  }
  return first;
}

// A timer that is set stays where it comes soon enough: turns are brought forward more rarely than
// they are put off.
void Maintenance::set_timer() {
  const Chore chore = first();
  if (due_[index(chore)] == kTimeMax) return;
  const Time now = context_->host.now();
  const Time turn = std::max(turn_of(chore), now);
  if (timer_ != kNoTimer) {
    if (timer_due_ <= turn) return;
    context_->host.cancel_timer(timer_);
  }
  timer_ = context_->host.set_timer(turn - now, make_token(Concern::maintenance, 0));
  timer_due_ = turn;
}

Violation Maintenance::violation() const {
  if (busy_) return "a turn of a chore has not ended";
  bool wanted = false;
  for (std::size_t i = 0; i < kChores; ++i) {
    if (due_[i] == kTimeMax) continue;
    wanted = true;
    if (parts_[i] == nullptr) return "a chore is due that nobody does";
  }
  if (waiting() == wanted) return {};
  return wanted ? "a chore is due, and no timer is set" : "a timer is set, and no chore is due";
}

}  // namespace macula::dht
