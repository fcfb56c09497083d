// The events of a run as JSON lines, for people and for `macula-sim diff`.
//
//   {"t":1500000,"kind":"request","from":"edge2","to":"gateway","message":"find_value","hash":".."}
#pragma once

#include <ostream>

#include "sim/macula/net/network.h"
#include "sim/run/operation.h"
#include "sim/run/world.h"

namespace macula::sim {

// Writes each event. The last line says whether the trace is whole:
//
//   {"t":20000000000,"kind":"end","events":1500}
//   {"t":1500000,"kind":"broken off","events":37}
class Trace final : public NetworkObserver {
 public:
  Trace(World& world, std::ostream& out) : world_(&world), out_(&out) {}
  ~Trace();
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;

  void on_event(const NetworkEvent& event) override;
  void on_operation(const Operation& operation);
  // The run is over as planned.
  void end() { whole_ = true; }

 private:
  World* world_;
  std::ostream* out_;
  bool whole_ = false;
};

}  // namespace macula::sim
