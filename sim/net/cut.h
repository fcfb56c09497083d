// A cut: a rule by which two sets of nodes cannot reach each other, both ways or one way.
//
//   const std::size_t number = cut_apart(network, eu, us, /*one_way=*/false);
//   network.medium().stopped(number);      // how many packets it has met
//   heal_all(network);
#pragma once

#include <cstddef>
#include <vector>

#include "sim/net/network.h"
#include "sim/net/rule.h"

namespace macula::sim {

class Cut : public Rule {
 public:
  // Nothing passes from `a` to `b`, nor, unless `one_way`, from `b` to `a`.
  Cut(const std::vector<NodeNumber>& a, const std::vector<NodeNumber>& b, bool one_way);

  [[nodiscard]] bool stops(const Packet& packet) const override {
    return parts(packet.from, packet.to);
  }
  [[nodiscard]] bool parts(NodeNumber from, NodeNumber to) const override;
  [[nodiscard]] std::vector<NodeNumber> nodes() const override { return nodes_; }

 private:
  std::vector<bool> a_;  // by node number; short: the rest are not in it
  std::vector<bool> b_;
  bool one_way_;
  std::vector<NodeNumber> nodes_;  // of both sides
};

// Cuts a network, which is an event of the run. Returns the number of the rule.
std::size_t cut_apart(Network& network, const std::vector<NodeNumber>& a,
                      const std::vector<NodeNumber>& b, bool one_way);
// Ends every rule of a network, which is an event of the run.
void heal_all(Network& network);

}  // namespace macula::sim
