// The view of the functions of an invariant (sim/scenario/invariant.h).
//
//     Violation lookups(const NodeView& view) { return node_in(view).searches().violation(); }
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/net/observer.h"
#include "sim/run/operations.h"
#include "sim/run/world.h"

namespace macula::sim {

// One node that is up. The fields after `node` are of the event that it has just had: `holds_after`
// may go by it.
struct NodeView {
  World& world;
  NodeNumber node;
  EventKind kind = EventKind::timer;
  // The sender of a request, reply or message, and the node that has not answered for a failure;
  // kNoNode where there is none, or it is not known.
  NodeNumber peer = kNoNode;
  std::string_view message{};  // its type, where one was handed over
  std::uint64_t event = 0;     // its number: for what is looked at now and then
};

struct RunView {
  World& world;
  const Operations& operations;

  // With its number.
  template <typename Visit>
  void for_each_live(Visit visit) const {
    for (NodeNumber node = 0; node < world.size(); ++node) {
      if (world.up(node)) visit(node);
    }
  }
};

}  // namespace macula::sim
