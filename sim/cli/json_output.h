// Results as JSON: the form that scripts and the other commands read.
//
//   JsonOutput json(file);
//   json.add(result);   // for each run, in order
//   json.close();
//
// Written run by run, one run a line, so that a million runs need no memory.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <ostream>

#include "sim/scenario/result.h"

namespace macula::sim {

// One entry of "runs". Keys stand in a fixed order; `stopped` is there only where a run ended
// early.
[[nodiscard]] nlohmann::ordered_json to_json(const RunResult& run);

class JsonOutput {
 public:
  explicit JsonOutput(std::ostream& out);
  void add(const RunResult& run);
  void close();

 private:
  std::ostream& out_;
  bool first_ = true;
};

}  // namespace macula::sim
