#include "dht/quic/node/log.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <climits>
#include <string>

namespace macula::dht::quic {
namespace {

std::atomic<std::uint64_t> lost{0};    // lines, so far
std::atomic<std::uint64_t> unsaid{0};  // of them, those that no line has told of

// A pipe that is ready takes PIPE_BUF bytes at once, so that the write does not block.
bool write_at_once(int fd, std::string_view text) {
  pollfd ready{fd, POLLOUT, 0};
  if (::poll(&ready, 1, 0) != 1 || (ready.revents & POLLOUT) == 0) return false;
  return ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

}  // namespace

void log(std::string_view line) {
  constexpr std::size_t kPrefixes = 96;
  line = line.substr(0, PIPE_BUF - kPrefixes);
  const std::uint64_t before = unsaid;
  std::string text;
  if (before > 0) text = fmt::format("macula-node: lines lost from this log: {}\n", before);
  text += fmt::format("macula-node: {}\n", line);
  if (write_at_once(STDERR_FILENO, text)) {
    unsaid -= before;
  } else {
    ++lost;
    ++unsaid;
  }
}

std::uint64_t log_lines_lost() {
  return lost;
}

}  // namespace macula::dht::quic
