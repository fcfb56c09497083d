// How a run and its failure are written for people.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/study/outcome.h"

namespace macula::sim {

// 16 hexadecimal digits.
[[nodiscard]] std::string digest_text(std::uint64_t digest);

// Seconds to the millisecond, the rest cut off: "900.000".
[[nodiscard]] std::string seconds_text(std::int64_t ns);

// "pass", "fail", "violated" or "crash".
[[nodiscard]] const char* verdict_name(const RunResult& run);

// The command that replays a run, ready for a shell.
[[nodiscard]] std::string replay_command(const Outcome& outcome);

// "expected >= 95 %, measured 63.5 %"
[[nodiscard]] std::string finding_of(const ExpectationResult& expectation);

// The text of an invariant that was broken: "violated: buckets: node eu#3, at t = 1.5s, event 100:
// the contact 3fa94c01 lies twice in bucket 2".
[[nodiscard]] std::string violation_text(const BrokenInvariant& violation);

// The figures that the run reproduced (expectations with `near` that hold), a line each:
//
//   depth: expected 1.82, measured 1.8354, difference +0.0154, gate 0.05
[[nodiscard]] std::vector<std::string> figure_lines(const RunResult& run);

// The notes for the reader of a run, whatever its verdict, a line each:
//
//   note: heal.toml:24: met no packet: nobody said a word across the partition
//   note: 2 operations had no time to end: 2 of `probe`
[[nodiscard]] std::vector<std::string> note_lines(const RunResult& run);

// "heal.toml:12"; without a line where it is not known.
[[nodiscard]] std::string place_text(const RunResult& run, int line);

// Why a run failed, a line each, and last the command that replays it:
//
//   heal.toml:12: hit nobody: `heal` found no partition; write `may_miss = true` if it may
//   heal.toml:41: kept by the closest: expected exactly eu#2, eu#3, measured 1
//     held by eu#3
//   replay: macula-sim run heal.toml --seed 42
[[nodiscard]] std::vector<std::string> failure_lines(const Outcome& outcome);

}  // namespace macula::sim
