// For how long a loop polls before it sleeps, decided by the traffic that it sees.
//
//   PollBudget budget;
//   const Duration poll = budget.begin(now);      // a wait begins; zero: sleep at once
//   budget.polled(took, came);                    // where it polled
//   budget.end(came);                             // the wait is over; came: something did
//
// To be woken takes a thread 5 to 300 us, by machine: often more than to answer a request. So a
// loop in dense traffic polls before it sleeps, as hypervisors do with idle guests ("halt
// polling"): where the answer comes meanwhile nobody sleeps.
//
// Traffic is dense where the last two waits that ended with an event did so within kDense of each
// other, and of now. That is longer than two ends take to wake each other on any machine: else
// polling would not start where sleep costs most. A node that hears something a few times a second,
// or is woken by its timers, never polls.
//
// A poll costs its length; one to which something came costs a wake-up less, for that is what sleep
// would have cost ("competitive spinning": Karlin, Li, Manasse, Owicki, 1991). The costs are at
// most a hundredth of the time, or kBurst at once. A poll during which others had the core takes
// long, and costs as much: where others need the core, loops sleep.
#pragma once

#include <algorithm>

#include "base/time.h"

namespace macula::dht::quic {

class PollBudget {
 public:
  static constexpr Duration kDense = std::chrono::milliseconds(1);
  static constexpr Duration kLongest = std::chrono::microseconds(500);  // of one poll
  static constexpr Duration kWakeUp = std::chrono::microseconds(100);
  static constexpr int kShare = 100;  // of the time: one part in so many
  static constexpr Duration kBurst = std::chrono::milliseconds(10);

  // `now` never runs back. For how long the wait that begins may poll.
  [[nodiscard]] Duration begin(Time now) {
    owed_ = std::max(owed_ - (now - last_) / kShare, Duration{0});
    last_ = now;
    if (came_) {
      dense_ = now - event_ <= kDense;
      event_ = now;
    }
    const bool traffic = dense_ && now - event_ <= kDense;
    return traffic && owed_ + kLongest <= kBurst ? kLongest : Duration{0};
  }
  void polled(Duration took, bool came) {
    const Duration cost = came ? std::max(took - kWakeUp, Duration{0}) : took;
    owed_ += std::min(cost, kBurst);
  }
  void end(bool came) { came_ = came; }

 private:
  Time last_ = kTimeZero;   // the last wait began
  Time event_ = kTimeZero;  // the last event had been dealt with
  Duration owed_{0};
  bool came_ = false;   // something, in the wait before
  bool dense_ = false;  // the last event came soon after the one before
};

}  // namespace macula::dht::quic
