// Spans of time by name, for tests.
#pragma once

#include <chrono>

#include "base/time.h"

namespace macula {

inline constexpr Duration kMillisecond = std::chrono::milliseconds(1);
inline constexpr Duration kSecond = std::chrono::seconds(1);
inline constexpr Duration kMinute = std::chrono::minutes(1);
inline constexpr Duration kHour = std::chrono::hours(1);

}  // namespace macula
