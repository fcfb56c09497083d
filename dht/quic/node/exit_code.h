// The exit codes of `macula-node`. Scripts rely on these numbers.
#pragma once

namespace macula::dht::quic {

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;    // timeout, not found, refused or unreachable
inline constexpr int kBadInput = 2;  // bad input, wrong usage, or a place that cannot be used

}  // namespace macula::dht::quic
