// The findings of Macula's verbs on an operation, beside the fields of all operations, for Macula's
// metrics.
//
//   findings_of(operation).stale = true;                    // a verb
//   if (const Findings* found = findings_in(operation)) ... // a metric
#pragma once

#include <any>
#include <cstdint>
#include <optional>

#include "base/time.h"
#include "dht/lookup/lookup.h"
#include "sim/run/operation.h"

namespace macula::sim {

struct Findings {
  std::optional<bool> stale;  // of a find: what it returned was replaced before it began
  std::optional<dht::LookupStats> search;  // where the network was searched
  Duration search_elapsed{0};
  std::optional<std::uint32_t> recall_ppm;  // of a search for nodes
  std::uint32_t forwards = 0;               // of a routed call: RPC_ROUTE frames sent
};

[[nodiscard]] inline Findings& findings_of(Operation& operation) {
  if (!operation.findings.has_value()) operation.findings = Findings();
  return *std::any_cast<Findings>(&operation.findings);
}

// nullptr: none were made.
[[nodiscard]] inline const Findings* findings_in(const Operation& operation) {
  return std::any_cast<Findings>(&operation.findings);
}

}  // namespace macula::sim
