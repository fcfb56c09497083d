// One operation that a step set off, from its start to its end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"
#include "dht/lookup/lookup.h"
#include "dht/node/operation_id.h"
#include "sim/net/link.h"
#include "sim/scenario/verb.h"

namespace macula::sim {

struct Operation {
  const Verb* verb = nullptr;
  const std::string* label = nullptr;  // the step's, with its number; may be empty
  NodeNumber by = kNoNode;
  Time started{};
  std::uint64_t number = 0;  // of all of the run, from 1
  dht::OperationId id{};     // at the node, where it can be cancelled
  Time due = kTimeMax;       // by then it ends, as its node has promised

  // Known at its end.
  std::string error;                       // empty: it succeeded; else a code: error_codes.h
  std::string answer;                      // of a call its result, of a find the first value's text
  std::optional<bool> correct;             // of a find: it returned exactly what was stored
  std::optional<bool> stale;               // of a find: what it returned was replaced before it
  std::optional<dht::LookupStats> search;  // where the network was searched
  Duration search_elapsed{0};
  std::optional<std::uint32_t> recall_ppm;  // of a search for nodes
  std::uint32_t forwards = 0;               // of a routed call: RPC_ROUTE frames sent
};

}  // namespace macula::sim
