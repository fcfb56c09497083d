// The part of a QuicNetwork that is its world's: how time passes, and how a datagram crosses.
//
//   carrier->on_arrival([&](NodeNumber from, NodeNumber to, std::string_view datagram) { ... });
//   carrier->add_node();                    // numbers count from 0
//   Time now = carrier->wait(due);          // arrivals are told from here, or
//   carrier->carry(from, to, datagram);     // from here
//
// Delay, loss and partitions are the network's: what is given to a carrier arrives.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <utility>

#include "base/time.h"
#include "sim/net/link.h"

namespace macula::sim {

class Carrier {
 public:
  using Arrival = std::function<void(NodeNumber from, NodeNumber to, std::string_view datagram)>;

  virtual ~Carrier() = default;
  void on_arrival(Arrival arrival) { arrival_ = std::move(arrival); }

  virtual void add_node() = 0;
  virtual void carry(NodeNumber from, NodeNumber to, std::string_view datagram) = 0;
  // Lets time pass, to `due`, until something arrives, or for a moment. The time it is then.
  virtual Time wait(Time due) = 0;

 protected:
  void arrive(NodeNumber from, NodeNumber to, std::string_view datagram) {
    arrival_(from, to, datagram);
  }

 private:
  Arrival arrival_;
};

// Virtual time: waiting takes none, and crossing neither.
class VirtualCarrier final : public Carrier {
 public:
  void add_node() override {}
  void carry(NodeNumber from, NodeNumber to, std::string_view datagram) override {
    arrive(from, to, datagram);
  }
  Time wait(Time due) override { return due; }
};

}  // namespace macula::sim
