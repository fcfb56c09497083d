// The region matrix: a CSV file of one-way delays between regions.
//
//   from,to,delay_us,jitter_us,loss_ppm
//   eu,us,45000,800,100
//
// A pair given in one direction holds in both. Empty lines and lines that begin with # are skipped.
#pragma once

#include <cstddef>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "base/text/diagnostic.h"
#include "sim/net/link_model.h"
#include "sim/scenario/csv_problems.h"

namespace macula::sim {

// `file` names the text in errors.
[[nodiscard]] tl::expected<std::vector<RegionLink>, Diagnostics> parse_region_csv(
    const std::string& text, const std::string& file);

}  // namespace macula::sim
