// What a program of the operator says: what happens to a node, a line of plain text each, on the
// standard error stream; what was asked for, on the standard output.
//
//   log("no answer from 192.0.2.7:9443");
//   if (!print(text)) return kFailed;
//
// A line of the log that cannot be written (a full disk, a reader that has gone or stalls) is lost
// and counted: a node never ends, and never waits, because of its log. How many were lost stands in
// the next one that can be written.
#pragma once

#include <cstdint>
#include <string_view>

namespace macula::dht::quic {

// Longer lines are cut.
void log(std::string_view line);
[[nodiscard]] std::uint64_t log_lines_lost();

// All of it, however long its reader takes. False where it cannot be written; that is logged.
[[nodiscard]] bool print(std::string_view text);

// Before anything is opened: standard streams that are closed become ones that cannot be used, so
// that nothing else gets their numbers; a write that fails is an error of the write, not the end of
// the program (SIGPIPE, SIGXFSZ).
void guard_standard_streams();

}  // namespace macula::dht::quic
