#include "dht/quic/udp/clock.h"

#include "dht/quic/udp/monotonic_clock.h"
#include "dht/quic/udp/secure_random.h"

namespace macula::dht::quic {
namespace {

class MonotonicClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override { return monotonic_now(); }
  [[nodiscard]] Time wait_until(Time time) override { return time; }
  void waited(Time /*time*/) override {}
};

class ProcessClock final : public Clock {
 public:
  ProcessClock() {
    std::uint64_t drawn = 0;
    SecureRandom().fill(reinterpret_cast<std::uint8_t*>(&drawn), sizeof(drawn));
    constexpr std::uint64_t kRange = std::uint64_t{1} << 60;  // nanoseconds: 36 years
    ahead_ = Duration(static_cast<Duration::rep>(drawn % kRange)) - (monotonic_now() - kTimeZero);
  }
  [[nodiscard]] Time now() const override { return monotonic_now() + ahead_; }
  [[nodiscard]] Time wait_until(Time time) override { return time - ahead_; }
  void waited(Time /*time*/) override {}

 private:
  Duration ahead_{};
};

}  // namespace

Clock& process_clock() {
  static ProcessClock clock;
  return clock;
}

Clock& monotonic_clock() {
  static MonotonicClock clock;
  return clock;
}

}  // namespace macula::dht::quic
