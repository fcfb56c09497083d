// Small things that all parts of a page's data are made of.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/mean_interval.h"
#include "base/text/printable.h"
#include "sim/scenario/kit.h"

namespace macula::sim {

using PageJson = nlohmann::ordered_json;

// Text of others, in one line, with nothing that reorders or hides it.
[[nodiscard]] inline std::string shown(std::string_view text) {
  return printable(text, Lines::one);
}

// To six digits, which is more than anyone sees; null where it is no number.
[[nodiscard]] PageJson rounded(double value);

// [mean, low, high]; the ends are null where there are none.
[[nodiscard]] PageJson to_page(const MeanInterval& mean);

// The unit of a metric as results name it, with its label: "ms", "rate", "count", "bytes/s".
[[nodiscard]] std::string unit_of(const Kit& kit, std::string_view metric);

}  // namespace macula::sim
