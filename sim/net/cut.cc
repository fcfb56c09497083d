#include "sim/net/cut.h"

#include <memory>

#include "base/hash.h"

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

// The cut, as the content of an event.
std::uint64_t content_of(const std::vector<NodeNumber>& a, const std::vector<NodeNumber>& b,
                         bool one_way) {
  std::uint64_t content = one_way ? 1 : 0;
  for (const NodeNumber node : a) content = mix(content, node);
  for (const NodeNumber node : b) content = mix(content, node);
  return content;
}

}  // namespace

Cut::Cut(const std::vector<NodeNumber>& a, const std::vector<NodeNumber>& b, bool one_way)
    : a_(membership(a)), b_(membership(b)), one_way_(one_way), nodes_(a) {
  nodes_.insert(nodes_.end(), b.begin(), b.end());
}

bool Cut::parts(NodeNumber from, NodeNumber to) const {
  return (contains(a_, from) && contains(b_, to)) ||
         (!one_way_ && contains(b_, from) && contains(a_, to));
}

std::size_t cut_apart(Network& network, const std::vector<NodeNumber>& a,
                      const std::vector<NodeNumber>& b, bool one_way) {
  network.note(EventKind::partition, kNoNode, kNoNode, content_of(a, b, one_way));
  return network.add_rule(std::make_shared<Cut>(a, b, one_way));
}

void heal_all(Network& network) {
  network.note(EventKind::heal, kNoNode, kNoNode, 0);
  for (const std::size_t rule : network.medium().standing()) network.remove_rule(rule);
}

}  // namespace macula::sim
