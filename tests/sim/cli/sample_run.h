// A finished run to try the outputs on.
#pragma once

#include "sim/scenario/result.h"

namespace macula::sim {

inline RunResult sample_run() {
  RunResult run;
  run.scenario = "heal";
  run.file = "faults/heal.toml";
  run.seed = 18446744073709551615U;
  run.profile = "kademlia";
  run.passed = false;
  run.digest = 0xab;
  run.virtual_ns = 900'500'000'000;
  run.events = 1500;
  run.messages = 700;
  run.wall_ns = 1'500'000'000;
  run.expectations = {{"callable <again>", 41, false, ">= 0.99", 0.5, "not answered by eu#3"},
                      {"stored", 46, false, ">= 1", std::nullopt, ""},
                      {"found", 50, true, "= 1", 1.0, ""}};
  run.metrics["lookup.depth"] = {4, 1.25, 1, 2, 2, 2};
  run.checkpoints = {{500, 1'000'000'000, 5}, {1000, 2'000'000'000, 6}};
  return run;
}

}  // namespace macula::sim
