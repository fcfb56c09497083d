// The region matrix: a CSV file of delays between regions, in one of two forms.
//
//     from,to,rtt_ms,loss_percent                  rtt_ms,eu,us,asia
//     eu,us,90.5,0.1                               eu,1.2,90.5,210
//                                                  us,90.5,1.4,160
//
// A row for each pair: `from`, `to`, one column of delays (delay_us, one_way_us, one_way_ms, rtt_us
// or rtt_ms; a round trip is halved), and, where they are known, jitter_us or jitter_ms (of one
// way) and loss_ppm or loss_percent; the columns stand in any order. Or a square table, whose first
// cell says what its numbers are; an empty cell, or "-", is a pair that is not known. Numbers may
// have decimals. A pair given in one direction holds in both.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/text/diagnostic.h"
#include "sim/file/csv_problems.h"
#include "sim/net/link_model.h"

namespace macula::sim {

// "delay_us", "rtt_ms", ..: the columns of delays.
[[nodiscard]] const std::vector<std::string_view>& delay_columns();

// `file` names the text in errors. `unit`, one of delay_columns(), says what the numbers of a
// square table are whose first cell does not; empty: nothing.
[[nodiscard]] tl::expected<std::vector<RegionLink>, Diagnostics> parse_region_csv(
    const std::string& text, const std::string& file, std::string_view unit = {});

}  // namespace macula::sim
