#include "sim/net/partitions.h"

#include <algorithm>

namespace macula::sim {
namespace {

std::vector<bool> membership(const std::vector<NodeNumber>& nodes) {
  std::vector<bool> members;
  for (const NodeNumber node : nodes) {
    if (node >= members.size()) members.resize(node + std::size_t{1});
    members[node] = true;
  }
  return members;
}

bool contains(const std::vector<bool>& members, NodeNumber node) {
  return node < members.size() && members[node];
}

}  // namespace

std::size_t Partitions::cut(const std::vector<NodeNumber>& a, const std::vector<NodeNumber>& b,
                            bool one_way) {
  const std::size_t number = stopped_.size();
  cuts_.push_back({membership(a), membership(b), one_way, number});
  stopped_.push_back(0);
  return number;
}

bool Partitions::Cut::stops(NodeNumber from, NodeNumber to) const {
  return (contains(a, from) && contains(b, to)) ||
         (!one_way && contains(b, from) && contains(a, to));
}

bool Partitions::is_cut(NodeNumber from, NodeNumber to) const {
  return std::any_of(cuts_.begin(), cuts_.end(),
                     [&](const Cut& cut) { return cut.stops(from, to); });
}

bool Partitions::meet_cuts(NodeNumber from, NodeNumber to) {
  bool stopped = false;
  for (const Cut& cut : cuts_) {
    if (!cut.stops(from, to)) continue;
    ++stopped_[cut.number];
    stopped = true;
  }
  return stopped;
}

}  // namespace macula::sim
