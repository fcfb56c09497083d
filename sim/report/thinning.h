// How much of a large store a page tells, so that it stays small: each step tells half as much.
// The page names the parts left out in words.
#pragma once

#include <algorithm>
#include <cstddef>

namespace macula::sim {

struct Thinning {
  std::size_t groups = 400;         // told in full; of the others a row in a table
  std::size_t rows = 4'000;         // of that table
  std::size_t alone = 16;           // runs of a group whose course over time is told
  std::size_t alone_together = 96;  // the same, of all groups
  std::size_t points = 160;         // of a curve
  std::size_t runs_listed = 2'000;  // of a group
  std::size_t metrics = 400;        // of a group
  std::size_t figures = 40;         // of each point of a sweep
  std::size_t close_ups = 4;        // of groups

  [[nodiscard]] Thinning halved() const {
    const auto half = [](std::size_t most, std::size_t least) { return std::max(most / 2, least); };
    return {half(groups, 1),         half(rows, 20),   half(alone, 1),
            half(alone_together, 1), half(points, 40), half(runs_listed, 10),
            half(metrics, 20),       half(figures, 4), half(close_ups, 1)};
  }
  [[nodiscard]] bool operator==(const Thinning&) const = default;
};

}  // namespace macula::sim
