// Which lines of a trace are kept: `--trace-only label=read,node=eu,kind=sent,from=2min,to=3min`.
//
//   auto filter = parse_trace_filter("label=read,kind=failure");
//   if (filter) wrong = check_trace_filter(*filter, scenario);
//
// A line is kept that fits every key; of a key that is given twice one of its values is enough. A
// value with a comma stands in quotes.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/time.h"
#include "sim/scenario/scenario.h"

namespace macula::sim {

// Events of the queue by number, both ends included.
struct EventRange {
  std::uint64_t first = 0;
  std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
};

struct TraceFilter {
  std::vector<std::string> labels;      // of the operation that a line belongs to
  std::vector<std::string> operations;  // the same by its name, as in "eu#3/2"
  std::vector<std::string> nodes;       // a node, or all of a group, at one end of the line
  std::vector<std::string> kinds;
  std::vector<std::string> from;  // a node or group, as `nodes`
  std::vector<std::string> to;
  Time begin{};  // lines of this time, and up to that
  Time end = kTimeMax;
  std::vector<std::string> always{};  // kinds that are kept whatever else is said

  [[nodiscard]] bool whole() const {
    return labels.empty() && operations.empty() && nodes.empty() && kinds.empty() && from.empty() &&
           to.empty() && begin == Time{} && end == kTimeMax;
  }
};

// The error is for a person: what is wrong, and what is allowed.
[[nodiscard]] tl::expected<TraceFilter, std::string> parse_trace_filter(std::string_view text);

// The names in it that the scenario does not have, and those it has; empty: nothing is wrong.
[[nodiscard]] std::string check_trace_filter(const TraceFilter& filter, const Scenario& scenario);

}  // namespace macula::sim
