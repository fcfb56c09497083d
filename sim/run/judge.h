// Holds a run against its expectations, each at its time.
//
//   Judge judge(world, operations, recorder);
//   judge.schedule();                         // instants and polls, before the run
//   auto results = judge.verdicts();          // after it
#pragma once

#include <optional>
#include <vector>

#include "sim/run/operations.h"
#include "sim/run/recorder.h"
#include "sim/run/state.h"
#include "sim/run/world.h"
#include "sim/scenario/result.h"

namespace macula::sim {

class Judge {
 public:
  Judge(World& world, const Operations& operations, const Recorder& recorder);

  void schedule();
  // One per expectation, in order; those of the end of the run are judged now.
  [[nodiscard]] std::vector<ExpectationResult> verdicts();

 private:
  struct Finding {
    bool judged = false;
    bool passed = false;
    std::optional<double> measured;
    std::vector<std::string> nodes;
  };

  void schedule_instant(std::size_t index, Time time);
  void schedule_polls(std::size_t index, Time time);
  // Measures now; returns whether the expectation holds.
  bool judge(std::size_t index);
  [[nodiscard]] bool holds(const Expectation& expectation, const Finding& finding) const;

  World* world_;
  const Operations* operations_;
  const Recorder* recorder_;
  std::vector<Finding> findings_;
};

}  // namespace macula::sim
