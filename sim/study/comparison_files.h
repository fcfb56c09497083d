// The files of comparisons: JUnit XML, with a test suite for each and a test case for each metric
// (what is worse fails, what is unsure is skipped), and JSON.
//
//   file << comparisons_junit({{comparison, {"heal.toml", "", "protocol.alpha=5"}}});
#pragma once

#include <string>
#include <vector>

#include "sim/study/comparison_text.h"

namespace macula::sim {

struct NamedComparison {
  PairedComparison comparison;
  Compared names;
};

[[nodiscard]] std::string comparisons_junit(const std::vector<NamedComparison>& comparisons);

// As JSON: one as comparison_json() has it; several as {"schema":1,"comparisons":[..],"verdict":..}
// with the worst of their verdicts.
[[nodiscard]] std::string comparisons_json(const std::vector<NamedComparison>& comparisons);

// "worse: heal, ring (2 of 9 scenarios)": the worst of their verdicts, and whose it is.
[[nodiscard]] std::string overall(const std::vector<NamedComparison>& comparisons);

}  // namespace macula::sim
