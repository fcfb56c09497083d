#include "dht/quic/engine/expiry_heap.h"

#include "base/check.h"

namespace macula::dht::quic {

void ExpiryHeap::add(ExpiryTimer& timer) {
  timers_.push_back(&timer);
  timer.place = timers_.size() - 1;
  settle(timer);
}

void ExpiryHeap::set(ExpiryTimer& timer, Time time) {
  if (timer.time == time) return;
  timer.time = time;
  settle(timer);
}

void ExpiryHeap::remove(ExpiryTimer& timer) {
  MACULA_CHECK(timers_[timer.place] == &timer);
  ExpiryTimer& last = *timers_.back();
  timers_.pop_back();
  if (&last == &timer) return;
  put(timer.place, last);
  settle(last);
}

void ExpiryHeap::put(std::size_t place, ExpiryTimer& timer) {
  timers_[place] = &timer;
  timer.place = place;
}

// Up while it is before its parent, else down while a child is before it.
void ExpiryHeap::settle(ExpiryTimer& timer) {
  std::size_t place = timer.place;
  while (place > 0 && before(timer, *timers_[(place - 1) / 2])) {
    put(place, *timers_[(place - 1) / 2]);
    place = (place - 1) / 2;
  }
  for (;;) {
    std::size_t child = 2 * place + 1;
    if (child >= timers_.size()) break;
    if (child + 1 < timers_.size() && before(*timers_[child + 1], *timers_[child])) ++child;
    if (!before(*timers_[child], timer)) break;
    put(place, *timers_[child]);
    place = child;
  }
  put(place, timer);
}

void ExpiryHeap::check_invariants() const {
  for (std::size_t i = 0; i < timers_.size(); ++i) {
    MACULA_CHECK(timers_[i]->place == i);
    MACULA_CHECK(i == 0 || !before(*timers_[i], *timers_[(i - 1) / 2]));
  }
}

}  // namespace macula::dht::quic
