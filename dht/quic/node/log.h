// What happens to a node, a line of plain text each, on the standard error stream.
//
//   log("no answer from 192.0.2.7:9443");
//
// A line that cannot be written (a full disk, a reader that has gone or stalls) is lost and
// counted: a node never ends, and never waits, because of its log. How many were lost stands in the
// next one that can be written.
#pragma once

#include <cstdint>
#include <string_view>

namespace macula::dht::quic {

// Longer lines are cut.
void log(std::string_view line);
[[nodiscard]] std::uint64_t log_lines_lost();

}  // namespace macula::dht::quic
