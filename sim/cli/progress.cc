#include "sim/cli/progress.h"

#include <fmt/format.h>

#include <cstdio>

namespace macula::sim {

void Progress::show(std::size_t done, std::uint64_t failed) {
  if (!on_ || std::chrono::steady_clock::now() - start_ < std::chrono::seconds(1)) return;
  fmt::print(stderr, "\r{} of {} runs, {} failed\x1b[K", done, total_, failed);
  std::fflush(stderr);
  shown_ = true;
}

void Progress::clear() {
  if (!shown_) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
  shown_ = false;
}

}  // namespace macula::sim
