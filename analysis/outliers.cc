#include "analysis/outliers.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace macula {
namespace {

// The standard deviation of a normal distribution over the median, and over the mean, of the
// distances from its centre.
constexpr double kOverMedian = 1.4826;
constexpr double kOverMean = 1.253314;

double median_of(std::vector<double> values) {
  if (values.empty()) return 0;
  const std::size_t middle = values.size() / 2;
  const auto nth = values.begin() + static_cast<std::ptrdiff_t>(middle);
  std::nth_element(values.begin(), nth, values.end());
  if (values.size() % 2 == 1) return *nth;
  return (*nth + *std::max_element(values.begin(), nth)) / 2;
}

}  // namespace

Scores robust_scores(const std::vector<double>& values) {
  Scores scores;
  scores.median = median_of(values);
  std::vector<double> distances;
  distances.reserve(values.size());
  double sum = 0;
  for (const double value : values) {
    distances.push_back(std::abs(value - scores.median));
    sum += distances.back();
  }
  // Where more than half of the values are the same, the median of the distances says nothing.
  double scale = kOverMedian * median_of(distances);
  if (scale == 0 && sum > 0) scale = kOverMean * sum / static_cast<double>(values.size());
  for (const double value : values) {
    scores.of.push_back(scale == 0 ? 0 : (value - scores.median) / scale);
  }
  return scores;
}

}  // namespace macula
