// A finished run to try the outputs on.
#pragma once

#include "sim/scenario/result.h"

namespace macula::sim {

inline ExpectationResult sample_expectation(const std::string& name, int line, double bound,
                                            std::optional<double> measured) {
  ExpectationResult expectation;
  expectation.name = name;
  expectation.line = line;
  expectation.passed = measured && *measured >= bound;
  expectation.expected = bound == 1 ? ">= 1" : ">= 0.99";
  expectation.measured = measured;
  expectation.metric = "success_rate(probe)";
  expectation.unit = "rate";
  expectation.bounds = {Comparison::at_least, bound, bound};
  return expectation;
}

inline RunResult sample_run() {
  RunResult run;
  run.scenario = "heal";
  run.file = "faults/heal.toml";
  run.hash = 0xcd;
  run.overrides = {{"protocol.k", "2"}, {"scenario.name", "it's"}};
  run.seed = 18446744073709551615U;
  run.profile = "kademlia";
  run.passed = false;
  run.digest = 0xab;
  run.virtual_ns = 900'500'000'000;
  run.events = 1500;
  run.messages = 700;
  run.wall_ns = 1'500'000'000;
  run.expectations = {sample_expectation("callable <again>", 41, 0.99, 0.5),
                      sample_expectation("stored", 46, 1, std::nullopt),
                      sample_expectation("found", 50, 1, 1.0)};
  run.expectations[0].detail = "not answered by eu#3";
  run.metrics["lookup.depth"] = {4, 1.25, 1, 1, 1, 2, 2, 2, 2, 2};
  run.metrics["success_rate(probe)"] = {4, 0.75, 0, 1, 1, 1, 1, 1, 1, 1};
  run.metrics["latency_ms(probe)"] = {4, 41.5, 20, 40, 44, 60, 66.4, 70, 70, 70};
  run.checkpoints = {{500, 1'000'000'000, 5}, {1000, 2'000'000'000, 6}};
  return run;
}

}  // namespace macula::sim
