// Time that this process has used, for ratios of what one run does.
#pragma once

#include <ctime>

namespace macula::dht {

inline double cpu_us() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

}  // namespace macula::dht
