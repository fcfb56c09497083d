// A heap of timers: the earliest comes first, and at one time the one with the lowest number.
//
//   struct Wake { Time time = kTimeMax; std::uint64_t number = 0; std::size_t place = 0; };
//   TimerHeap<Wake> heap;
//   heap.add(wake);  heap.set(wake, time);
//   while (heap.first() <= now) handle(heap.front());
//
// A binary heap of timers that belong to somebody else and stay where they are: each knows its
// place, so that to set, to remove and to fire take log n steps, and nothing is searched.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/check.h"
#include "base/time.h"

namespace macula {

// `Timer` has `time`, `number` and `place`; the heap alone changes its `place`.
template <typename Timer>
class TimerHeap {
 public:
  void add(Timer& timer) {
    timers_.push_back(&timer);
    timer.place = timers_.size() - 1;
    settle(timer);
  }

  void set(Timer& timer, Time time) {
    if (timer.time == time) return;
    timer.time = time;
    settle(timer);
  }

  void remove(Timer& timer) {
    MACULA_CHECK(timers_[timer.place] == &timer);
    Timer& last = *timers_.back();
    timers_.pop_back();
    if (&last == &timer) return;
    put(timer.place, last);
    settle(last);
  }

  // When the first is due; kTimeMax: there is none.
  [[nodiscard]] Time first() const { return timers_.empty() ? kTimeMax : timers_.front()->time; }
  [[nodiscard]] Timer& front() const { return *timers_.front(); }
  [[nodiscard]] const std::vector<Timer*>& timers() const { return timers_; }

  void check_invariants() const {
    for (std::size_t i = 0; i < timers_.size(); ++i) {
      MACULA_CHECK(timers_[i]->place == i);
      MACULA_CHECK(i == 0 || !before(*timers_[i], *timers_[(i - 1) / 2]));
    }
  }

 private:
  static bool before(const Timer& a, const Timer& b) {
    return a.time != b.time ? a.time < b.time : a.number < b.number;
  }

  void put(std::size_t place, Timer& timer) {
    timers_[place] = &timer;
    timer.place = place;
  }

  // Up while it is before its parent, else down while a child is before it.
  void settle(Timer& timer) {
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

  std::vector<Timer*> timers_;
};

}  // namespace macula
