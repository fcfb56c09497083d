#include "sim/run/state.h"

namespace macula::sim {

std::vector<NodeNumber> StateView::select(const Selector& selector) const {
  RandomStream random(world.seed(), metric.source);
  return world.select(selector, random);
}

}  // namespace macula::sim
