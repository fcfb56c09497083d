// What a protocol brings to the simulator, as plain data: a `main` hands it to the command line.
//
//   int main(int argc, char** argv) { return run_command_line(macula_kit(), argc, argv); }
//
// Reading (sim/file) and running (sim/run) go by its rows and know none of them by name.
#pragma once

#include <string_view>
#include <vector>

#include "sim/scenario/invariant.h"
#include "sim/scenario/metric.h"
#include "sim/scenario/verb.h"

namespace macula::sim {

struct Kit {
  std::string_view name{};    // of the protocol: "macula"
  std::vector<Verb> verbs{};  // in the order of the documentation, as the metrics
  std::vector<MetricInfo> metrics{};
  std::vector<InvariantInfo> invariants{};  // looked at in every run
};

// Nothing for an unknown name.
[[nodiscard]] const Verb* find_verb(const Kit& kit, std::string_view name);
[[nodiscard]] const MetricInfo* find_metric(const Kit& kit, std::string_view name);

}  // namespace macula::sim
