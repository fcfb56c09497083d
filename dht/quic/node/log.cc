#include "dht/quic/node/log.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <climits>
#include <mutex>
#include <string>

#include "base/command_line/standard_output.h"
#include "base/text/printable.h"
#include "dht/quic/udp/monotonic_clock.h"

namespace macula::dht::quic {
namespace {

std::atomic<std::uint64_t> lost{0};    // lines, so far
std::atomic<std::uint64_t> unsaid{0};  // of them, those that no line has told of

bool budget_allows(Time now) {
  static std::mutex mutex;
  static LogBudget budget;
  const std::lock_guard lock(mutex);
  return budget.take(now);
}

// A pipe that is ready takes PIPE_BUF bytes at once, so that the write does not block.
bool write_at_once(int fd, std::string_view text) {
  pollfd ready{fd, POLLOUT, 0};
  if (::poll(&ready, 1, 0) != 1 || (ready.revents & POLLOUT) == 0) return false;
  return ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

}  // namespace

bool LogBudget::take(Time now) {
  if (since_ == kTimeZero) since_ = now;
  const auto earned = static_cast<std::uint64_t>((now - since_) / kEach);
  since_ += kEach * static_cast<Duration::rep>(earned);
  left_ = std::min<std::uint64_t>(left_ + earned, kAtOnce);
  if (left_ == 0) return false;
  --left_;
  return true;
}

void log(std::string_view line) {
  constexpr std::size_t kPrefixes = 96;
  const std::string shown = printable(line, Lines::one).substr(0, PIPE_BUF - kPrefixes);
  const std::uint64_t before = unsaid;
  std::string text;
  if (before > 0) text = fmt::format("macula-node: lines lost from this log: {}\n", before);
  text += fmt::format("macula-node: {}\n", shown);
  if (budget_allows(monotonic_now()) && write_at_once(STDERR_FILENO, text)) {
    unsaid -= before;
  } else {
    ++lost;
    ++unsaid;
  }
}

std::uint64_t log_lines_lost() {
  return lost;
}

void flush_and_stay() {
  if (const std::string wrong = flush_standard_output(); !wrong.empty()) log(wrong);
  forgo_standard_output();
}

}  // namespace macula::dht::quic
