#include "sim/cli/progress.h"

#include <fmt/format.h>

#include <iostream>

#include "base/text/units.h"

namespace macula::sim {

std::string progress_text(std::size_t done, std::size_t total, std::uint64_t failed,
                          Duration elapsed) {
  std::string text = fmt::format("{} of {} runs, {} failed", done, total, failed);
  if (done == 0 || done >= total) return text;
  const auto each = elapsed / static_cast<std::int64_t>(done);
  const auto left = each * static_cast<std::int64_t>(total - done);
  // No more exact than it is known: seconds of a minute, minutes of more.
  const Duration unit = left < std::chrono::minutes(1) ? Duration(std::chrono::seconds(1))
                                                       : Duration(std::chrono::minutes(1));
  return text + fmt::format(", about {} left", describe_duration((left / unit + 1) * unit));
}

void Progress::show(std::size_t done, std::uint64_t failed) {
  const auto elapsed = std::chrono::steady_clock::now() - start_;
  if (!on_ || elapsed < std::chrono::seconds(1)) return;
  std::cerr << '\r' << progress_text(done, total_, failed, elapsed) << "\x1b[K";
  shown_ = true;
}

void Progress::clear() {
  if (!shown_) return;
  std::cerr << "\r\x1b[K";
  shown_ = false;
}

}  // namespace macula::sim
