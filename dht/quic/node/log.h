// The log of a node: a line of plain text for each event, on the standard error stream.
//
//   log("no answer from 192.0.2.7:9443");
//
// A line that cannot be written (a full disk, a reader that has gone or stalls) is lost and
// counted: a node never ends, and never waits, because of its log. How many were lost stands in the
// next one that can be written. So are lines beyond a number a second, for others may cause them;
// and what is no printable character is shown escaped, for others may have written it.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/time.h"

namespace macula::dht::quic {

// How many lines are written: so many at once, and one more each tenth of a second.
class LogBudget {
 public:
  static constexpr std::uint64_t kAtOnce = 100;
  static constexpr Duration kEach = std::chrono::milliseconds(100);

  [[nodiscard]] bool take(Time now);

 private:
  std::uint64_t left_ = kAtOnce;
  Time since_ = kTimeZero;  // counted up to then
};

// Longer lines are cut.
void log(std::string_view line);
[[nodiscard]] std::uint64_t log_lines_lost();

// For a node that stays: its output so far goes out; if it cannot, that is logged, and no failure.
void flush_and_stay();

}  // namespace macula::dht::quic
