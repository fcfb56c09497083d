// How the operations of a run fared, a row for each label.
//
//     label   operations  success   mean    p50    p95    p99  requests
//     beat            11    100 %   41ms   40ms   66ms   70ms         0
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/result.h"

namespace macula::sim {

// The lines of the table; none where no operation has a label. Times are from start to end of an
// operation; requests are the mean number that its lookup sent.
[[nodiscard]] std::vector<std::string> label_table(const RunResult& run);

}  // namespace macula::sim
