// The values that `macula-sim sweep` varies: a [sweep] of a scenario file.
//
//     [sweep]
//     seeds = "1..20"
//     grid = { "protocol.alpha" = [1, 3], "protocol.k" = [8, 20] }   # four points
//
// or each point by itself, with what is expected there:
//
//     [[sweep.point]]
//     set = { "protocol.k" = 8, "group.node.count" = 100 }
//     expect = { depth = 1.02, requests = { near = 9.0, gate = 0.2 } }
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
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

// A point that stands by itself. Keys and values are those of `--set`.
struct SweepPoint {
  std::vector<std::pair<std::string, std::string>> set;       // in order of key
  std::vector<std::pair<std::string, std::string>> expected;  // of [[expect]]
  Place place{};
};

// Axes or points, not both. All points set the same keys, and say the same expectations' bounds.
struct Sweep {
  std::optional<SeedRange> seeds;
  std::vector<SweepAxis> axes;
  std::vector<SweepPoint> points;
};

}  // namespace macula::sim
