#include "analysis/mean_interval.h"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "base/check.h"

namespace macula {

MeanInterval mean_interval(const std::vector<double>& figures) {
  MACULA_CHECK(!figures.empty());
  constexpr double kBelow = 0.975;  // 95 %, both ends alike
  const auto count = static_cast<double>(figures.size());
  MeanInterval result;
  for (const double figure : figures) result.mean += figure / count;
  if (figures.size() == 1) return result;
  double squares = 0;
  for (const double figure : figures) squares += (figure - result.mean) * (figure - result.mean);
  const double error = std::sqrt(squares / (count - 1) / count);
  const double reach = boost::math::quantile(boost::math::students_t(count - 1), kBelow) * error;
  result.interval = Interval{result.mean - reach, result.mean + reach};
  return result;
}

}  // namespace macula
