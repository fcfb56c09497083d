// How a congestion window grows after a loss: CUBIC (RFC 9438), in the whole numbers of ngtcp2.
//
//   cubic.shrink(window);                                       // something was lost
//   window += cubic.growth(window, now, round_trip, bytes);     // so much was acknowledged
#pragma once

#include <cstdint>

#include "base/time.h"

namespace macula::sim {

class Cubic {
 public:
  // The window as it was until now.
  void shrink(std::uint64_t window);
  [[nodiscard]] std::uint64_t growth(std::uint64_t window, Time now, Duration round_trip,
                                     std::uint64_t bytes);
  // Packets leave after nothing was under way: the time since those before does not count.
  void go_on(Time now, Time last_sent);

 private:
  void begin(std::uint64_t window, Time now);
  [[nodiscard]] std::uint64_t target(Time then) const;

  std::uint64_t most_ = 0;  // the window before the last loss, or less where it is on the decline
  Time begun_ = kTimeMax;   // when it began to grow; without it: a loss was the last thing
  std::uint64_t seconds_ = 0;  // until it is `most_` again
  std::uint64_t origin_ = 0;   // what it is then
  std::uint64_t reno_ = 0;     // what it would be without CUBIC, and is at least
};

}  // namespace macula::sim
