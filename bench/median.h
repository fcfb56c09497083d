// The median over rounds, which one slow round does not move.
#pragma once

#include <algorithm>
#include <vector>

namespace macula {

// `values` is not empty; an even number of them has the upper one of two.
[[nodiscard]] inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace macula
