// How a run went over time, in the JSON of its result: written and read back.
//
//   json["timeline"] = to_json(timeline);
//   Timeline read = read_timeline(run.object("timeline"));
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "sim/scenario/timeline.h"
#include "sim/study/json_fields.h"

namespace macula::sim {

[[nodiscard]] nlohmann::ordered_json to_json(const Timeline& timeline);
// The fields say the error.
[[nodiscard]] Timeline read_timeline(const JsonFields& json);

// {"values":[..],"counts":[..]}
[[nodiscard]] nlohmann::ordered_json to_json(const std::vector<HistogramBar>& bars);
[[nodiscard]] std::vector<HistogramBar> read_histogram(const JsonFields& json);

}  // namespace macula::sim
