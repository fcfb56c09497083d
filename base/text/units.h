// Numbers with units, read exactly: no floating point, so that "0.1s" is 100 000 000 ns everywhere.
//
//   parse_duration("5min30s");   // 330 s
//   parse_share("0.5%");         // 5000 parts per million
//   parse_size("64KiB");         // 65536
//
// A number without its unit is an error that says what to write. So are negative numbers, numbers
// finer than the result can hold, and numbers beyond the limits below.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "base/time.h"

namespace macula {

// Ten years. Sums of a few such durations stay far from the end of 64 bits.
inline constexpr Duration kDurationLimit = std::chrono::hours(24) * 3650;
inline constexpr std::uint64_t kSizeLimit = std::uint64_t{1} << 50;  // 1 PiB
inline constexpr std::uint32_t kWholePpm = 1'000'000;                // 100 %

// One or more of NUMBER UNIT without spaces, with units ns, us (or with the sign of micro), ms, s,
// min, h, d: "1.5s", "5min30s".
[[nodiscard]] tl::expected<Duration, std::string> parse_duration(std::string_view text);
// "0%" to "100%", in parts per million.
[[nodiscard]] tl::expected<std::uint32_t, std::string> parse_share(std::string_view text);
// B, KiB, MiB, GiB (1024) and kB, MB, GB (1000), in bytes.
[[nodiscard]] tl::expected<std::uint64_t, std::string> parse_size(std::string_view text);

// The shortest text that parse_duration reads as this duration, in one unit: "90s", "1500ms".
[[nodiscard]] std::string format_duration(Duration duration);

// The shortest text that parse_size reads as this size: "64MiB", "1500B".
[[nodiscard]] std::string format_size(std::uint64_t bytes);

// For people, in up to four units, to the millisecond, or below a second to what it is: "3d 8h",
// "6min", "1min 30.5s", "80ms", "1.5us".
[[nodiscard]] std::string describe_duration(Duration duration);

// Decimal digits only, up to `limit`: for counts and indexes.
[[nodiscard]] tl::expected<std::uint64_t, std::string> parse_count(std::string_view text,
                                                                   std::uint64_t limit);

// "0.6" times `scale`, rounded to nearest: for fixed-point parameters that have no unit. At most 9
// digits on either side of the point; scale at most 2^40.
[[nodiscard]] tl::expected<std::int64_t, std::string> parse_scaled(std::string_view text,
                                                                   std::int64_t scale);

}  // namespace macula
