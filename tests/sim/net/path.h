// A path, and when a connection begins on it: for the tests of what the two ends keep of it.
#pragma once

#include "tests/durations.h"

namespace macula::sim {

constexpr Duration kPathRoundTrip = 80 * kMillisecond;
constexpr Time kStart = kTimeZero + kSecond;

}  // namespace macula::sim
