// The events of a run as JSON lines, for people and for `macula-sim diff`.
//
//   {"t":1500000,"kind":"request","from":"edge2","to":"gateway","message":"find_value","hash":".."}
#pragma once

#include <ostream>

#include "sim/net/observer.h"
#include "sim/scenario/recorder.h"
#include "sim/scenario/world.h"

namespace macula::sim {

// Writes each event, then passes it on.
class Trace final : public NetworkObserver {
 public:
  Trace(World& world, std::ostream& out, NetworkObserver& next)
      : world_(&world), out_(&out), next_(&next) {}

  void on_event(const NetworkEvent& event) override;
  void on_sent(Time time, NodeNumber from, NodeNumber to,
               const dht::wire::Message& message) override {
    next_->on_sent(time, from, to, message);
  }
  void on_operation(const Operation& operation);

 private:
  World* world_;
  std::ostream* out_;
  NetworkObserver* next_;
};

}  // namespace macula::sim
