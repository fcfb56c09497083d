// "20ms" and "uniform(5ms, 40ms)" to a Distribution (sim/engine/distribution.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/time.h"
#include "sim/engine/distribution.h"

namespace macula::sim {

inline constexpr Duration kDelayLimit = std::chrono::hours(24);

struct DistributionInfo {
  std::string_view name;
  std::vector<std::string_view> parameters;  // by position; each may be given by name
  std::string_view example;
  std::string_view about;
};

// In the order of the documentation.
[[nodiscard]] const std::vector<DistributionInfo>& distribution_catalogue();

// A bare duration is constant. Parameters are at most `limit`, sigma at most 4.
[[nodiscard]] tl::expected<Distribution, std::string> parse_distribution(
    std::string_view text, std::optional<Duration> limit = kDelayLimit);

// The same of sizes: "4KiB" and "lognormal(median=4KiB, sigma=1)", in bytes in place of
// nanoseconds.
[[nodiscard]] tl::expected<Distribution, std::string> parse_size_distribution(
    std::string_view text);

}  // namespace macula::sim
