// The pairs that cannot reach each other: cuts between two sets of nodes, symmetric or one-way.
//
//   const std::size_t cut = partitions.cut(eu, us, /*one_way=*/false);
//   if (partitions.stop(from, to)) ...                // a packet on its way
//   partitions.heal();
//   partitions.stopped(cut);                          // how many packets it has met
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/net/link.h"

namespace macula::sim {

class Partitions {
 public:
  // Nothing passes from `a` to `b`, nor, unless `one_way`, from `b` to `a`. Returns its number,
  // counted from 0.
  std::size_t cut(const std::vector<NodeNumber>& a, const std::vector<NodeNumber>& b, bool one_way);
  // Ends every cut.
  void heal() { cuts_.clear(); }

  [[nodiscard]] bool blocked(NodeNumber from, NodeNumber to) const {
    return !cuts_.empty() && is_cut(from, to);
  }
  // The same of a packet on its way, which every cut that it meets counts.
  [[nodiscard]] bool stop(NodeNumber from, NodeNumber to) {
    return !cuts_.empty() && meet_cuts(from, to);
  }
  [[nodiscard]] std::uint64_t stopped(std::size_t cut) const { return stopped_[cut]; }

 private:
  struct Cut {
    std::vector<bool> a;  // by node number; short: the rest are not in it
    std::vector<bool> b;
    bool one_way;
    std::size_t number;

    [[nodiscard]] bool stops(NodeNumber from, NodeNumber to) const;
  };

  [[nodiscard]] bool is_cut(NodeNumber from, NodeNumber to) const;
  bool meet_cuts(NodeNumber from, NodeNumber to);

  std::vector<Cut> cuts_;
  std::vector<std::uint64_t> stopped_;  // by number of the cut, healed ones too
};

}  // namespace macula::sim
