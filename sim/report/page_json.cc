#include "sim/report/page_json.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

namespace macula::sim {

PageJson rounded(double value) {
  if (!std::isfinite(value)) return nullptr;
  return std::strtod(fmt::format("{:.6g}", value).c_str(), nullptr);
}

PageJson to_page(const MeanInterval& mean) {
  PageJson json = PageJson::array({rounded(mean.mean), nullptr, nullptr});
  if (mean.interval) {
    json[1] = rounded(mean.interval->low);
    json[2] = rounded(mean.interval->high);
  }
  return json;
}

std::string unit_of(const Kit& kit, std::string_view metric) {
  const MetricInfo* info = find_metric(kit, metric.substr(0, metric.find('(')));
  return info == nullptr ? "count" : std::string(info->unit);
}

}  // namespace macula::sim
