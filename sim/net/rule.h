// A rule of the medium: a fault of the wires, which stops some packets while it stands.
//
//   class Large : public Rule {        // a path whose MTU has shrunk
//     bool stops(const Packet& packet) const override { return packet.bytes > 1200; }
//     std::vector<NodeNumber> nodes() const override { return all_; }
//     ...
//   };
//   const std::size_t number = network.add_rule(std::make_shared<Large>(all));
//   network.remove_rule(number);       // it was stopped() so many times
//
// Both networks ask it, of the packets of `virtual` and of the datagrams of real QUIC. Its draws
// are hashes of the seed, the names of both ends and the time, as in sim/net/link.h: a counter
// would make the fate of a packet depend on others. So it has no state, and its order among others
// is of no importance.
#pragma once

#include <cstddef>
#include <vector>

#include "base/time.h"
#include "sim/net/link.h"

namespace macula::sim {

// As a rule sees it: on its way, whole.
struct Packet {
  NodeNumber from;
  NodeNumber to;
  Time sent;
  std::size_t bytes;  // of UDP payload; in `virtual`, where messages share datagrams, of this one
};

class Rule {
 public:
  Rule() = default;
  Rule(const Rule&) = delete;
  Rule& operator=(const Rule&) = delete;
  virtual ~Rule() = default;

  [[nodiscard]] virtual bool stops(const Packet& packet) const = 0;
  // Whether it stops all that the first sends to the second. An idle connection between them ends
  // then, once that has lasted: in `virtual`, signs of life are no packets (sim/net/silences.h).
  [[nodiscard]] virtual bool parts(NodeNumber /*from*/, NodeNumber /*to*/) const { return false; }
  // Those whose packets it may stop: their connections are looked at when it begins.
  [[nodiscard]] virtual std::vector<NodeNumber> nodes() const = 0;
};

}  // namespace macula::sim
