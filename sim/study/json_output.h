// Results as JSON: the form that scripts and the other commands read. Its JSON Schema is
// analysis/result.schema.json.
//
//   JsonOutput json(file);
//   json.add(outcome.result);   // for each run, in order
//   json.close(0);
//
// Written run by run, one run a line, so that a million runs need no memory.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <ostream>

#include "sim/scenario/result.h"

namespace macula::sim {

// One entry of "runs". Keys stand in a fixed order; `stopped` and `crash` are there only where a
// run ended early.
[[nodiscard]] nlohmann::ordered_json to_json(const RunResult& run);

class JsonOutput {
 public:
  explicit JsonOutput(std::ostream& out);
  void add(const RunResult& run);
  // `left_out`: runs that were asked for and did not come to their end.
  void close(std::size_t left_out);

 private:
  std::ostream& out_;
  bool first_ = true;
};

}  // namespace macula::sim
