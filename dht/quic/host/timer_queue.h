// What is due when: the earliest first, of two at one time the one that was set first.
//
//   TimerQueue<Due> timers;
//   const Handle timer = timers.set(now + delay, due);
//   timers.cancel(timer);                                // no effect once it has fired
//   while (timers.next() <= now) handle(timers.pop());
//
// A heap in which each timer knows its place: setting, cancelling and firing take log n steps, and
// what is cancelled is gone at once. Most request timers are cancelled long before they are due.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/time.h"
#include "dht/quic/host/handle_pool.h"

namespace macula::dht::quic::host {

template <typename Payload>
class TimerQueue {
 public:
  Handle set(Time time, Payload payload) {
    const Handle handle = timers_.add();
    Timer& timer = *timers_.find(handle);
    timer.payload = std::move(payload);
    heap_.push_back({time, ++set_, handle, &timer});
    timer.place = heap_.size() - 1;
    rise(timer.place);
    return handle;
  }

  void cancel(Handle handle) {
    const Timer* timer = timers_.find(handle);
    if (timer != nullptr) remove(timer->place);
  }

  // When the first is due; kTimeMax: there is none.
  [[nodiscard]] Time next() const { return heap_.empty() ? kTimeMax : heap_.front().time; }
  // The number of the first: timers are numbered from 1 as they are set.
  [[nodiscard]] std::uint64_t next_number() const { return heap_.front().number; }
  // The number of the timer set last.
  [[nodiscard]] std::uint64_t last_number() const { return set_; }

  Payload pop() {
    MACULA_CHECK(!heap_.empty());
    Payload payload = std::move(heap_.front().timer->payload);
    remove(0);
    return payload;
  }

  [[nodiscard]] std::size_t size() const { return heap_.size(); }

 private:
  struct Timer {
    Payload payload{};
    std::size_t place = 0;  // in the heap
  };
  struct Entry {
    Time time;
    std::uint64_t number;
    Handle handle;
    Timer* timer;

    [[nodiscard]] bool before(const Entry& other) const {
      return time != other.time ? time < other.time : number < other.number;
    }
  };

  void put(std::size_t place, const Entry& entry) {
    heap_[place] = entry;
    entry.timer->place = place;
  }

  void rise(std::size_t place) {
    const Entry entry = heap_[place];
    while (place > 0 && entry.before(heap_[(place - 1) / 2])) {
      put(place, heap_[(place - 1) / 2]);
      place = (place - 1) / 2;
    }
    put(place, entry);
  }

  void sink(std::size_t place) {
    const Entry entry = heap_[place];
    for (;;) {
      std::size_t child = 2 * place + 1;
      if (child >= heap_.size()) break;
      if (child + 1 < heap_.size() && heap_[child + 1].before(heap_[child])) ++child;
      if (!heap_[child].before(entry)) break;
      put(place, heap_[child]);
      place = child;
    }
    put(place, entry);
  }

  void remove(std::size_t place) {
    timers_.remove(heap_[place].handle);
    const Entry last = heap_.back();
    heap_.pop_back();
    if (place == heap_.size()) return;
    put(place, last);
    rise(place);
    sink(last.timer->place);
  }

  HandlePool<Timer> timers_;
  std::vector<Entry> heap_;
  std::uint64_t set_ = 0;
};

}  // namespace macula::dht::quic::host
