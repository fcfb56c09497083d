// Who cannot reach whom: cuts between two sets of nodes, symmetric or one-way.
//
//   partitions.cut(eu, us, /*one_way=*/false);
//   partitions.blocked(from, to);
//   partitions.heal();
#pragma once

#include <cstdint>
#include <vector>

#include "sim/net/link.h"

namespace macula::sim {

class Partitions {
 public:
  // Nothing passes from `a` to `b`, nor, unless `one_way`, from `b` to `a`.
  void cut(const std::vector<NodeNumber>& a, const std::vector<NodeNumber>& b, bool one_way);
  // Ends every cut.
  void heal() { cuts_.clear(); }

  [[nodiscard]] bool blocked(NodeNumber from, NodeNumber to) const {
    return !cuts_.empty() && is_cut(from, to);
  }

 private:
  struct Cut {
    std::vector<bool> a;  // by node number; short: the rest are not in it
    std::vector<bool> b;
    bool one_way;
  };

  [[nodiscard]] bool is_cut(NodeNumber from, NodeNumber to) const;

  std::vector<Cut> cuts_;
};

}  // namespace macula::sim
