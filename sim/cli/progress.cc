#include "sim/cli/progress.h"

#include <iostream>

namespace macula::sim {

void Progress::show(std::size_t done, std::uint64_t failed) {
  if (!on_ || std::chrono::steady_clock::now() - start_ < std::chrono::seconds(1)) return;
  std::cerr << '\r' << done << " of " << total_ << " runs, " << failed << " failed\x1b[K";
  shown_ = true;
}

void Progress::clear() {
  if (!shown_) return;
  std::cerr << "\r\x1b[K";
  shown_ = false;
}

}  // namespace macula::sim
