// Where a loop gets its time from, and how it lets time pass when there is nothing to do.
//
//   auto loop = *Loop::create();            // the time of this machine
//   auto tested = *Loop::create(my_clock);  // a clock that can be set forward, say
#pragma once

#include "base/time.h"

namespace macula::dht::quic {

class Clock {
 public:
  // Never runs back.
  [[nodiscard]] virtual Time now() const = 0;
  // A loop has nothing to do before `time`. Until when, by the time of this machine
  // (`monotonic_now`), it is to wait for something to happen; what has passed: not at all.
  [[nodiscard]] virtual Time wait_until(Time time) = 0;
  // Nothing has happened for so long: it is `time`, as far as the loop is concerned.
  virtual void waited(Time time) = 0;

 protected:
  ~Clock() = default;
};

// The clock of this machine.
[[nodiscard]] Clock& monotonic_clock();

// The same, counted from an instant that is drawn for each process: what its times say on the wire
// (PING, PONG) tells nobody for how long the machine runs, or which nodes share one.
[[nodiscard]] Clock& process_clock();

}  // namespace macula::dht::quic
