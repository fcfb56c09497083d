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

void Partitions::cut(const std::vector<NodeNumber>& a, const std::vector<NodeNumber>& b,
                     bool one_way) {
  cuts_.push_back({membership(a), membership(b), one_way});
}

bool Partitions::is_cut(NodeNumber from, NodeNumber to) const {
  return std::any_of(cuts_.begin(), cuts_.end(), [&](const Cut& cut) {
    return (contains(cut.a, from) && contains(cut.b, to)) ||
           (!cut.one_way && contains(cut.b, from) && contains(cut.a, to));
  });
}

}  // namespace macula::sim
