// The trace of a run, for people and for tools: its events, in order, and between them things that
// are no events. It is written as JSON lines, and handed to other forms (sim/run/trace_form.h).
// docs/traces.md says what the lines hold.
//
//     {"t":1500000,"kind":"sent","from":"edge2","to":"gateway","exchange":"edge2/7",
//      "operation":"edge2/1","message":"find_value","key":"..","hash":".."}
//
// Nothing in a line counts what other nodes did before: what has nothing to do with a thing changes
// no line of it.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/text_buffer.h"
#include "sim/net/observer.h"
#include "sim/run/capture.h"
#include "sim/run/json_line.h"
#include "sim/run/operation.h"
#include "sim/run/trace_filter.h"
#include "sim/run/trace_form.h"
#include "sim/run/world.h"

namespace macula::sim {

// The kinds of all lines but the last.
[[nodiscard]] std::vector<std::string> trace_kinds();

// Where it goes; nullptr: not asked for.
struct TraceOutputs {
  std::ostream* lines = nullptr;    // JSON
  std::ostream* capture = nullptr;  // pcapng: of the messages that stand in the lines
  TraceForm* form = nullptr;        // is told what stands in the lines
};

// The last line says whether the trace is whole:
//
//   {"t":20000000000,"kind":"end","events":1500}   with "part":true where lines were left out
//   {"t":1500000,"kind":"broken off","events":37}
class Trace {
 public:
  // A trace of these events alone. The names in the filter are in the scenario
  // (check_trace_filter).
  Trace(World& world, const TraceOutputs& outputs, const TraceFilter& filter = {},
        const EventRange& range = {});
  ~Trace();
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;

  template <typename M, typename C>
  void on_event(const EventOf<M>& event, const C& codec) {
    Told told{event.time, told_kind(event.kind), event.from, event.to, event.origin};
    if (!takes(told)) return;
    if (event.message == nullptr) return tell_event(told, event.content);
    told.message = codec.name(*event.message);
    tell(told, [&] { add_message(*event.message, codec); });
    capture(CaptureKind::handed_over, told, *event.message, codec);
  }
  template <typename M, typename C>
  void on_sent(Time time, NodeNumber from, NodeNumber to, const M& message, const Origin& origin,
               const C& codec) {
    Told told{time, ToldKind::sent, from, to, origin};
    if (!takes(told)) return;
    told.message = codec.name(message);
    tell(told, [&] { add_message(message, codec); });
    capture(CaptureKind::sent, told, message, codec);
  }
  template <typename M, typename C>
  void on_passage(const PassageOf& passage, const M* message, const C& codec) {
    const Told told = told_of(passage);
    if (!takes(told)) return;
    tell_passage(told);
    if (!capture_ || told.kind != ToldKind::packet) return;
    if (!passage.datagram.empty()) {
      capture_datagram(told, passage.datagram);
    } else if (message != nullptr && told.fate != Passage::sent) {
      capture(CaptureKind::stopped, told, *message, codec);
    }
  }
  // `names`: what it is about, by the keys of its verb.
  void on_begun(const Operation& operation, const OperationNames& names);
  void on_ended(const Operation& operation);
  // The run is over as planned.
  void end() { whole_ = true; }

 private:
  using Kinds = std::bitset<kToldKinds>;
  // One that has begun.
  struct Known {
    NodeNumber node = kNoNode;
    std::uint32_t count = 0;  // of that node's, from 1
    const std::string* label = nullptr;
    bool under_way = true;
  };

  [[nodiscard]] bool in_range() const;
  [[nodiscard]] bool takes(const Told& told) const { return in_range() && (all_ || keeps(told)); }
  // One that is taken. `add_fields`: those that only its kind has, to line_.
  template <typename AddFields>
  void tell(const Told& told, const AddFields& add_fields) {
    const bool wanted = form_ != nullptr && form_->wants_fields(told);
    if (out_ != nullptr) add_head(told);
    if (out_ != nullptr || wanted) {
      add_ends(told);
      add_fields();
    }
    if (form_ != nullptr) form_->take(told, wanted ? line_.fields() : std::string_view());
    line_.end();
  }
  void tell_event(Told told, std::uint64_t content);
  void tell_passage(const Told& told);
  [[nodiscard]] static Told told_of(const PassageOf& passage);
  [[nodiscard]] bool keeps(const Told& told) const;
  // The operation that it belongs to; nullptr: none.
  [[nodiscard]] const Known* operation_of(const Told& told) const;
  [[nodiscard]] bool keeps(const Known* operation) const;
  [[nodiscard]] std::string name_of(const Known& operation) const;
  [[nodiscard]] std::vector<bool> marked(const std::vector<std::string>& names) const;
  [[nodiscard]] static Kinds kinds_of(const std::vector<std::string>& names);
  void add_head(const Told& told);
  // The fields of every kind: its nodes, and the operation that it belongs to.
  void add_ends(const Told& told);
  void add_operation(const Operation& operation);
  template <typename M, typename C>
  void add_message(const M& message, const C& codec) {
    line_.text("message", codec.name(message));
    // The message's subject, where its codec says so.
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
  void capture(CaptureKind kind, const Told& told, const M& message, const C& codec) {
    if (!capture_) return;
    const Captured about{told.time, kind, told.from, told.to, comment_of(told)};
    if constexpr (requires { codec.encode(message, frame_); }) {
      codec.encode(message, frame_);
      capture_->add(about, {C::kDissector, frame_, frame_.size()});
    } else {
      capture_->add(about, {"data", {}, codec.size(message)});
    }
  }
  void capture_datagram(const Told& told, std::string_view datagram);
  // "sent eu#0 > eu#7, exchange eu#0/12, operation eu#0/1".
  [[nodiscard]] std::string_view comment_of(const Told& told);

  World* world_;
  std::ostream* out_;  // of lines; nullptr: none
  TraceForm* form_;    // nullptr: none
  std::optional<Capture> capture_;
  TextBuffer comment_;
  std::string frame_;
  JsonLine line_;
  TraceFilter filter_;
  EventRange range_;
  bool all_;     // nothing is left out
  Kinds kinds_;  // of the filter; none: any
  Kinds always_;
  std::vector<bool> nodes_;  // of the filter, by number; empty: any
  std::vector<bool> from_;
  std::vector<bool> to_;
  std::unordered_map<std::uint64_t, Known> operations_;  // by number
  std::vector<std::uint32_t> begun_;                     // by node
  bool whole_ = false;
};

}  // namespace macula::sim
