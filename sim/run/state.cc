#include "sim/run/state.h"

#include "base/hash.h"

namespace macula::sim {

std::vector<NodeNumber> StateView::select(const Selector& selector) const {
  return world.select(selector, hash_bytes(metric.source, world.seed()));
}

}  // namespace macula::sim
