// One operation that a step set off, from its start to its end.
#pragma once

#include <any>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "sim/net/link.h"
#include "sim/scenario/verb.h"

namespace macula::sim {

struct Operation {
  std::size_t step = 0;  // of the scenario, that set it off
  const Verb* verb = nullptr;
  const std::string* label = nullptr;  // the step's, with its number; may be empty
  NodeNumber by = kNoNode;
  Time started{};
  std::uint64_t number = 0;        // of all of the run, from 1
  std::function<void()> cancel{};  // at its node, where it can be cancelled
  Time due = kTimeMax;             // by then it ends, as its node has promised

  // Known at its end.
  std::string error;            // empty: it succeeded; else a code: error_codes.h
  std::string answer;           // what it returned, where that is a text
  std::optional<bool> correct;  // of one that reads: it returned exactly what was written
  std::any findings;            // what its kit knows of it besides, for metrics of its own
};

// The subject of an operation, as a step names it: by those keys of its verb that are names, with
// numbers and draws filled in.
using OperationNames = std::vector<std::pair<std::string_view, std::string>>;

}  // namespace macula::sim
