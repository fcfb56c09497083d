// How often each step of a run hit somebody. A step that never did says nothing about the network,
// though all that is expected may hold: that is an error of the run, unless the step may miss.
//
//   StepLog log(scenario);
//   log.occurred(step, nodes_hit);              // once an occurrence
//   result.errors = log.errors();
//
// A repeated step is judged as a whole: it is an error where none of its occurrences hit anybody,
// and a note where some of them did not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/scenario/result.h"
#include "sim/scenario/scenario.h"

namespace macula::sim {

class StepLog {
 public:
  explicit StepLog(const Scenario& scenario);

  void occurred(std::size_t step, std::size_t hits);
  // Wrong whatever it hit; of a repeated step only the first is kept.
  void wrong(std::size_t step, const std::string& text);

  // In order of the steps. Those that the run did not come to are not judged.
  [[nodiscard]] std::vector<Remark> errors() const;
  [[nodiscard]] std::vector<Remark> notes() const;

 private:
  struct Count {
    std::uint64_t occurrences = 0;
    std::uint64_t misses = 0;
  };

  const Scenario* scenario_;
  std::vector<Count> counts_;  // one a step
  std::map<std::size_t, std::string> wrong_;
};

}  // namespace macula::sim
