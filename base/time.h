// Time as integer nanoseconds, in two strong types: a Duration is a length, a Time a point.
//
// Points count from the start of a run (simulator) or of a process (production). There is no now():
// who needs the time is given it, which is what makes a run repeatable.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>

namespace macula {

using Duration = std::chrono::nanoseconds;

struct Clock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<Clock>;
  static constexpr bool is_steady = true;
};

using Time = Clock::time_point;

inline constexpr Time kTimeZero{};
inline constexpr Time kTimeMax{Duration{std::numeric_limits<std::int64_t>::max()}};

// Nanoseconds since the origin: for storage, hashing and output only.
[[nodiscard]] constexpr std::int64_t to_ns(Time t) {
  return t.time_since_epoch().count();
}
[[nodiscard]] constexpr Time time_from_ns(std::int64_t ns) {
  return Time{Duration{ns}};
}

// Whole seconds since the origin, in half the bytes: for what goes by minutes and hours.
[[nodiscard]] constexpr std::uint32_t to_seconds(Time t) {
  return static_cast<std::uint32_t>(
      std::chrono::duration_cast<std::chrono::seconds>(t.time_since_epoch()).count());
}
[[nodiscard]] constexpr Time time_from_seconds(std::uint32_t seconds) {
  return Time{std::chrono::seconds(seconds)};
}

}  // namespace macula
