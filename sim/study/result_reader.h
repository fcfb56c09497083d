// Results as `json_output.h` writes them, read back.
//
//   std::string wrong;
//   RunResult result = read_result(JsonFields(json["runs"][0], "runs.0", wrong));
//   if (!wrong.empty()) ...   // then the result is not to be used
//
// Fields that do not follow from the unit are not read (sim/study/stored_run.h), nor are those that
// are not written: how an expectation was stated, and the checkpoints of the digest.
#pragma once

#include "sim/scenario/result.h"
#include "sim/study/json_fields.h"

namespace macula::sim {

[[nodiscard]] RunResult read_result(const JsonFields& run);

}  // namespace macula::sim
