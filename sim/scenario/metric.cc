#include "sim/scenario/metric.h"

#include "sim/scenario/placeholder.h"

namespace macula::sim {

std::string_view unit_of(const Metric& metric) {
  return metric.statistic == Statistic::count ? "count" : metric.info->unit;
}

bool label_matches(std::string_view form, std::string_view label) {
  const std::size_t hole = form.find(kNumberPlaceholder);
  if (hole == std::string_view::npos) return form == label;
  if (label.substr(0, hole) != form.substr(0, hole)) return false;
  std::string_view rest = label.substr(hole);
  std::size_t digits = 0;
  while (digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9') ++digits;
  return digits > 0 &&
         label_matches(form.substr(hole + kNumberPlaceholder.size()), rest.substr(digits));
}

bool speaks_of(const std::string& wanted, const std::string& label) {
  if (wanted.empty() || wanted == label) return true;
  return wanted.find(kNumberPlaceholder) != std::string::npos && label_matches(wanted, label);
}

}  // namespace macula::sim
