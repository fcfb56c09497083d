// The exit codes of `macula-sim`. Scripts rely on these numbers.
#pragma once

namespace macula::sim {

inline constexpr int kPassed = 0;    // all expectations hold, or the question was answered
inline constexpr int kFailed = 1;    // an expectation does not hold
inline constexpr int kBadInput = 2;  // bad input, wrong usage, or output that cannot be written
inline constexpr int kNotDeterministic = 3;  // two runs of one scenario and seed differ
inline constexpr int kUnsure = 4;            // `compare --require-sure`, and something is unsure

}  // namespace macula::sim
