// A clock for loops that is set forward whenever there is nothing to do: hours pass in seconds,
// over real sockets.
//
//   SteppedClock clock([&] { return datagrams sent and not yet received; });
//   auto loop = *Loop::create(clock);
//   loop->run_once(std::chrono::hours(1));    // one round: to whatever is due first
//
// Time stands still while datagrams are under way between the sockets of the test: the system takes
// as long as it likes to carry them, and no timer fires early for that. A datagram that the system
// has dropped is waited for once, for kLost by the machine's time.
#pragma once

#include <cstdint>
#include <functional>

#include "dht/quic/udp/clock.h"
#include "dht/quic/udp/monotonic_clock.h"

namespace macula::dht::quic {

class SteppedClock final : public Clock {
 public:
  static constexpr Duration kLost = std::chrono::milliseconds(500);

  explicit SteppedClock(std::function<std::int64_t()> under_way)
      : under_way_(std::move(under_way)) {}

  [[nodiscard]] Time now() const override { return now_; }
  [[nodiscard]] Time wait_until(Time /*time*/) override {
    return under_way_() > lost_ ? monotonic_now() + kLost : kTimeZero;
  }
  void waited(Time time) override {
    const std::int64_t missing = under_way_();
    if (missing > lost_) {
      lost_ = missing;  // and the next round steps
    } else {
      now_ = std::max(now_, time);
    }
  }

  [[nodiscard]] std::int64_t lost() const { return lost_; }

 private:
  std::function<std::int64_t()> under_way_;
  std::int64_t lost_ = 0;
  Time now_ = kTimeZero + std::chrono::hours(1);
};

}  // namespace macula::dht::quic
