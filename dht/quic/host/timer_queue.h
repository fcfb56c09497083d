// A queue of timers: the earliest comes first, and at one time the one that was set first.
//
//   TimerQueue<Due> timers;
//   const Handle timer = timers.set(now + delay, due);
//   timers.cancel(timer);                                // no effect once it has fired
//   while (timers.next() <= now) handle(timers.pop());
//
// Setting, cancelling and firing take log n steps (base/timer_heap.h), and what is cancelled is
// gone at once. Most request timers are cancelled long before they are due.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/check.h"
#include "base/time.h"
#include "base/timer_heap.h"
#include "dht/quic/host/handle_pool.h"

namespace macula::dht::quic::host {

template <typename Payload>
class TimerQueue {
 public:
  Handle set(Time time, Payload payload) {
    const Handle handle = timers_.add();
    Timer& timer = *timers_.find(handle);
    timer.payload = std::move(payload);
    timer.time = time;
    timer.number = ++set_;
    timer.handle = handle;
    heap_.add(timer);
    return handle;
  }

  void cancel(Handle handle) {
    Timer* timer = timers_.find(handle);
    if (timer != nullptr) remove(*timer);
  }

  // When the first is due; kTimeMax: there is none.
  [[nodiscard]] Time next() const { return heap_.first(); }
  // The number of the first: timers are numbered from 1 as they are set.
  [[nodiscard]] std::uint64_t next_number() const { return heap_.front().number; }
  // The number of the timer set last.
  [[nodiscard]] std::uint64_t last_number() const { return set_; }

  Payload pop() {
    MACULA_CHECK(size() > 0);
    Payload payload = std::move(heap_.front().payload);
    remove(heap_.front());
    return payload;
  }

  [[nodiscard]] std::size_t size() const { return heap_.timers().size(); }

 private:
  struct Timer {
    Payload payload{};
    Time time = kTimeMax;
    std::uint64_t number = 0;
    std::size_t place = 0;  // in the heap
    Handle handle = kNoHandle;
  };

  void remove(Timer& timer) {
    heap_.remove(timer);
    timers_.remove(timer.handle);
  }

  HandlePool<Timer> timers_;
  TimerHeap<Timer> heap_;
  std::uint64_t set_ = 0;
};

}  // namespace macula::dht::quic::host
