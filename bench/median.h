// The median over rounds, which one slow round does not move.
#pragma once

#include <algorithm>
#include <vector>

namespace macula {

// `values` is not empty; of an even number the upper one.
[[nodiscard]] inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace macula
