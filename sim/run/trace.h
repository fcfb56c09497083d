// The events of a run as JSON lines, for people and for `macula-sim diff`.
//
//   {"t":1500000,"kind":"request","from":"edge2","to":"gateway","message":"find_value","hash":".."}
#pragma once

#include <cstdint>
#include <ostream>
#include <string_view>

#include "sim/net/observer.h"
#include "sim/run/operation.h"
#include "sim/run/world.h"

namespace macula::sim {

// The last line says whether the trace is whole:
//
//   {"t":20000000000,"kind":"end","events":1500}
//   {"t":1500000,"kind":"broken off","events":37}
class Trace {
 public:
  Trace(World& world, std::ostream& out) : world_(&world), out_(&out) {}
  ~Trace();
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;

  template <typename M, typename C>
  void on_event(const EventOf<M>& event, const C& codec) {
    if (event.message == nullptr) {
      write({event.time, event.kind, event.from, event.to, event.content, {}, 0});
    } else {
      write({event.time, event.kind, event.from, event.to, 0, codec.name(*event.message),
             codec.fingerprint(*event.message)});
    }
  }
  void on_operation(const Operation& operation);
  // The run is over as planned.
  void end() { whole_ = true; }

 private:
  struct Line {
    Time time;
    EventKind kind;
    NodeNumber from;
    NodeNumber to;
    std::uint64_t content;
    std::string_view message;  // its name; empty: it is none
    std::uint64_t hash;        // of the message
  };
  void write(const Line& event);

  World* world_;
  std::ostream* out_;
  bool whole_ = false;
};

}  // namespace macula::sim
