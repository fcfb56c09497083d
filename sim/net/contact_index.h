// Which node a contact stands for.
#pragma once

#include <cstddef>
#include <vector>

#include "sim/net/link.h"
#include "transport/peer.h"

namespace macula::sim {

class ContactIndex {
 public:
  void add(transport::Peer contact, NodeNumber node) {
    const auto index = static_cast<std::size_t>(contact);
    if (index >= nodes_.size()) nodes_.resize(index + 1, kNoNode);
    nodes_[index] = node;
  }
  // kNoNode for contacts of no node here.
  [[nodiscard]] NodeNumber find(transport::Peer contact) const {
    const auto index = static_cast<std::size_t>(contact);
    return index < nodes_.size() ? nodes_[index] : kNoNode;
  }

 private:
  std::vector<NodeNumber> nodes_;  // by contact
};

}  // namespace macula::sim
