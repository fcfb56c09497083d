// How far each value lies from the others, by measures that a few extreme values do not move: the
// modified z-score of B. Iglewicz and D. Hoaglin, How to Detect and Handle Outliers, 1993.
//
//   const Scores scores = robust_scores({10, 11, 9, 10, 60});
//   scores.median;      // 10
//   scores.of[4];       // 33.7: above kOutlier, it stands out
#pragma once

#include <vector>

namespace macula {

// Values whose score is at least this far from 0 stand out, as those authors have it.
inline constexpr double kOutlier = 3.5;

struct Scores {
  double median = 0;
  std::vector<double> of;  // of each value, in their order; all 0 where all values are the same
};

// None of the values is infinite or no number.
[[nodiscard]] Scores robust_scores(const std::vector<double>& values);

}  // namespace macula
