// A mean, and how sure it is: an interval at 95 % after Student, of figures that are independent,
// as those of runs with other seeds are.
//
//   MeanInterval latency = mean_interval({41.2, 40.8, 43.0});
//   latency.mean;       // 41.67
//   latency.interval;   // nothing of a single figure
#pragma once

#include <optional>
#include <vector>

#include "analysis/sign_flip.h"

namespace macula {

struct MeanInterval {
  double mean = 0;
  std::optional<Interval> interval;
};

// At least one figure, none of them infinite or no number.
[[nodiscard]] MeanInterval mean_interval(const std::vector<double>& figures);

}  // namespace macula
