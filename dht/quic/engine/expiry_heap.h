// When each connection wants to be woken: the earliest first, ties by connection number.
//
//   heap.add(timer);  heap.set(timer, time);
//   while (heap.first() <= now) wake(heap.front());
//
// A binary heap in which each timer knows its place, so that a change costs no search.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/time.h"

namespace macula::dht::quic {

class Connection;

struct ExpiryTimer {
  Connection* connection = nullptr;
  std::uint64_t number = 0;
  Time time = kTimeMax;
  std::size_t place = 0;
};

class ExpiryHeap {
 public:
  void add(ExpiryTimer& timer);
  void set(ExpiryTimer& timer, Time time);
  void remove(ExpiryTimer& timer);

  [[nodiscard]] Time first() const { return timers_.empty() ? kTimeMax : timers_.front()->time; }
  [[nodiscard]] ExpiryTimer& front() const { return *timers_.front(); }
  [[nodiscard]] const std::vector<ExpiryTimer*>& timers() const { return timers_; }
  void check_invariants() const;

 private:
  static bool before(const ExpiryTimer& a, const ExpiryTimer& b) {
    return a.time != b.time ? a.time < b.time : a.number < b.number;
  }
  void put(std::size_t place, ExpiryTimer& timer);
  void settle(ExpiryTimer& timer);

  std::vector<ExpiryTimer*> timers_;
};

}  // namespace macula::dht::quic
