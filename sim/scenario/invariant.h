// An invariant: what must hold at all times, whatever a scenario is about.
//
//     {.name = "buckets", .about = "A bucket holds at most k contacts, ..", .of_node = buckets}
//
// A row and its functions are all there is of one: runs, results and the documentation go by it. A
// run in which one is broken goes on, and has the verdict `violated`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/violation.h"
#include "sim/net/link.h"
#include "sim/net/observer.h"

namespace macula::sim {

struct NodeView;  // sim/run/invariant_view.h
struct RunView;   // sim/run/invariant_view.h

// A breach by all nodes together: the node at which it shows (kNoNode: at none of them), and how.
struct Breach {
  NodeNumber node = kNoNode;
  std::string what;
};

using HoldsAfter = bool (*)(const NodeView& view);

// Either `of_node` or `of_run` is there.
struct InvariantInfo {
  std::string_view name{};
  std::string_view about{};  // one sentence, for the documentation
  // A violation by one node, all of it; nothing: all is well. Asked at quiet instants.
  Violation (*of_node)(const NodeView& view) = nullptr;
  // Whether it holds, and others of the node with it, as far as its last event may have changed it.
  // Asked after each event of the node, and so cheap; where the answer is no, all functions
  // `of_node` say what is wrong. None: another row asks, or what events break is found at quiet
  // instants.
  HoldsAfter holds_after = nullptr;
  // After which kinds of events alone; none: after all of them.
  std::vector<EventKind> after{};
  // A breach by all nodes taken together. Asked at quiet instants.
  std::optional<Breach> (*of_run)(const RunView& view) = nullptr;
};

}  // namespace macula::sim
