// What `macula-sim sweep` varies: a [sweep] of a scenario file.
//
//     [sweep]
//     seeds = "1..20"
//     grid = { "protocol.alpha" = [1, 3], "protocol.k" = [8, 20] }   # four points
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text/place.h"

namespace macula::sim {

// Both ends included; first <= last.
struct SeedRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

// "1..100". Nothing where the text is no range of 64-bit numbers or runs backwards.
[[nodiscard]] std::optional<SeedRange> parse_seed_range(std::string_view text);

// A key, as `--set` names it, and its values, as `--set` takes them.
struct SweepAxis {
  std::string key;
  std::vector<std::string> values;
  Place place{};  // in the file; of a command line none
};

struct Sweep {
  std::optional<SeedRange> seeds;
  std::vector<SweepAxis> axes;
};

}  // namespace macula::sim
