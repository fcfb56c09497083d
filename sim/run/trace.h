// What happens in a run, as JSON lines, for people and for tools: its events, in order, and between
// them what is no event. docs/traces.md says what the lines hold.
//
//     {"t":1500000,"kind":"sent","from":"edge2","to":"gateway","exchange":"edge2/7",
//      "operation":"edge2/1","message":"find_value","key":"..","hash":".."}
//
// Nothing in a line counts what other nodes did before: what has nothing to do with a thing changes
// no line of it.
#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sim/net/observer.h"
#include "sim/run/capture.h"
#include "sim/run/json_line.h"
#include "sim/run/operation.h"
#include "sim/run/trace_filter.h"
#include "sim/run/world.h"

namespace macula::sim {

// Of all lines but the last.
[[nodiscard]] std::vector<std::string> trace_kinds();

// Where it goes; nullptr: not asked for.
struct TraceOutputs {
  std::ostream* lines = nullptr;    // JSON
  std::ostream* capture = nullptr;  // pcapng: of the messages that stand in the lines
};

// The last line says whether the trace is whole:
//
//   {"t":20000000000,"kind":"end","events":1500}
//   {"t":1500000,"kind":"broken off","events":37}
class Trace {
 public:
  // Of these events alone. What the filter names is in the scenario (check_trace_filter).
  Trace(World& world, const TraceOutputs& outputs, const TraceFilter& filter = {},
        const EventRange& range = {});
  ~Trace();
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;

  template <typename M, typename C>
  void on_event(const EventOf<M>& event, const C& codec) {
    const Line line{event.time, event_name(event.kind), event.from, event.to, event.origin};
    if (!takes(line)) return;
    if (begin(line)) {
      if (event.message != nullptr) {
        add_message(*event.message, codec);
      } else {
        add_content(event.kind, event.content);
      }
      line_.end();
    }
    if (event.message != nullptr) capture(CaptureKind::handed_over, line, *event.message, codec);
  }
  template <typename M, typename C>
  void on_sent(Time time, NodeNumber from, NodeNumber to, const M& message, const Origin& origin,
               const C& codec) {
    const Line line{time, "sent", from, to, origin};
    if (!takes(line)) return;
    if (begin(line)) {
      add_message(message, codec);
      line_.end();
    }
    capture(CaptureKind::sent, line, message, codec);
  }
  template <typename M, typename C>
  void on_passage(const PassageOf& passage, const M* message, const C& codec) {
    const Line line = line_of(passage);
    if (!takes(line)) return;
    add_passage(line, passage);
    if (!capture_ || passage.passage == Passage::cancelled) return;
    const Line packet{line.time, passage_name(passage.passage), line.from, line.to, line.origin};
    if (!passage.datagram.empty()) {
      capture_datagram(packet, passage.datagram);
    } else if (message != nullptr && passage.passage != Passage::sent) {
      capture(CaptureKind::stopped, packet, *message, codec);
    }
  }
  // `names`: what it is about, by the keys of its verb.
  void on_begun(const Operation& operation, const OperationNames& names);
  void on_ended(const Operation& operation);
  // The run is over as planned.
  void end() { whole_ = true; }

 private:
  struct Line {
    Time time;
    std::string_view kind;
    NodeNumber from = kNoNode;
    NodeNumber to = kNoNode;
    Origin origin{};
  };
  // One that has begun.
  struct Known {
    NodeNumber node = kNoNode;
    std::uint32_t count = 0;  // of that node's, from 1
    const std::string* label = nullptr;
    bool under_way = true;
  };

  [[nodiscard]] bool in_range() const;
  [[nodiscard]] bool takes(const Line& line) const { return in_range() && (all_ || keeps(line)); }
  // Of one that is taken. False: no lines are written.
  [[nodiscard]] bool begin(const Line& line);
  [[nodiscard]] static Line line_of(const PassageOf& passage);
  void add_passage(const Line& line, const PassageOf& passage);
  [[nodiscard]] bool keeps(const Line& line) const;
  // Of the operation that it belongs to; nullptr: to none.
  [[nodiscard]] const Known* operation_of(const Line& line) const;
  [[nodiscard]] bool keeps(const Known* operation) const;
  [[nodiscard]] std::string name_of(const Known& operation) const;
  [[nodiscard]] std::vector<bool> marked(const std::vector<std::string>& names) const;
  void add_cause(const Origin& origin);
  void add_content(EventKind kind, std::uint64_t content);
  template <typename M, typename C>
  void add_message(const M& message, const C& codec) {
    line_.text("message", codec.name(message));
    // What it is about, where its codec says so.
    if constexpr (requires {
                    codec.describe(message, [](std::string_view, std::string_view) {});
                  }) {
      codec.describe(message, [this](std::string_view name, std::string_view value) {
        line_.text(name, value);
      });
    }
    line_.hash("hash", codec.fingerprint(message));
  }

  template <typename M, typename C>
  void capture(CaptureKind kind, const Line& line, const M& message, const C& codec) {
    if (!capture_) return;
    const Captured about{line.time, kind, line.from, line.to, comment_of(line)};
    if constexpr (requires { codec.encode(message); }) {
      const std::string bytes = codec.encode(message);
      capture_->add(about, {C::kDissector, bytes, bytes.size()});
    } else {
      capture_->add(about, {"data", {}, codec.size(message)});
    }
  }
  void capture_datagram(const Line& line, std::string_view datagram);
  // "sent eu#0 > eu#7, exchange eu#0/12, operation eu#0/1".
  [[nodiscard]] std::string_view comment_of(const Line& line);

  World* world_;
  std::ostream* out_;  // of lines; nullptr: none
  std::optional<Capture> capture_;
  std::string comment_;
  JsonLine line_;
  TraceFilter filter_;
  EventRange range_;
  bool all_;                 // nothing is left out
  std::vector<bool> nodes_;  // of the filter, by number; empty: any
  std::vector<bool> from_;
  std::vector<bool> to_;
  std::unordered_map<std::uint64_t, Known> operations_;  // by number
  std::vector<std::uint32_t> begun_;                     // by node
  bool whole_ = false;
};

}  // namespace macula::sim
