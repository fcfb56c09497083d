// The events of a run as JSON lines, for people and for `macula-sim diff`.
//
//     {"t":1500000,"kind":"request","from":"edge2","to":"gateway","message":"find_value",..}
//
// `hash` is that of a message, `content` of anything else: what the digest knows of it. Nothing in
// a line counts what was before: what has nothing to do with a thing changes no line of it.
#pragma once

#include <cstdint>
#include <limits>
#include <ostream>
#include <string_view>

#include "sim/net/observer.h"
#include "sim/run/operation.h"
#include "sim/run/world.h"

namespace macula::sim {

// Events of the queue by number, both ends included.
struct EventRange {
  std::uint64_t first = 0;
  std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
};

// The last line says whether the trace is whole:
//
//   {"t":20000000000,"kind":"end","events":1500}
//   {"t":1500000,"kind":"broken off","events":37}
class Trace {
 public:
  // Of these events alone.
  Trace(World& world, std::ostream& out, const EventRange& range)
      : world_(&world), out_(&out), range_(range) {}
  ~Trace();
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;

  template <typename M, typename C>
  void on_event(const EventOf<M>& event, const C& codec) {
    if (!in_range()) return;
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
  [[nodiscard]] bool in_range() const;

  World* world_;
  std::ostream* out_;
  EventRange range_;
  bool whole_ = false;
};

}  // namespace macula::sim
