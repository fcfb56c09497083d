#include "dht/quic/udp/clock.h"

#include "dht/quic/udp/monotonic_clock.h"

namespace macula::dht::quic {
namespace {

class MonotonicClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override { return monotonic_now(); }
  [[nodiscard]] Time wait_until(Time time) override { return time; }
  void waited(Time /*time*/) override {}
};

}  // namespace

Clock& monotonic_clock() {
  static MonotonicClock clock;
  return clock;
}

}  // namespace macula::dht::quic
