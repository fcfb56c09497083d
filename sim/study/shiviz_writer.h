// A trace as a log for ShiViz: every event of a node with its clock. The events: docs/traces.md.
//
//   ShivizWriter writer(roster, out);
//   options.trace_form = &writer;
//   run_scenario(scenario, seed, options);
//   writer.finish();
//
//     eu#0 {"eu#0":3,"eu#7":1}
//     0.001500000s sent find_node to eu#7
//
// A clock is what the event directly depends on (Fowler and Zwaenepoel, Causal Distributed
// Breakpoints, 1990): the count of the node's own events and, where a message is handed over, that
// of its sender's. ShiViz draws a line for each entry that is new to a node, and keeps what it has
// known of the others. The vector clocks of Mattern (1988), in which an event has an entry a node,
// follow from these; they would make a log of N nodes N times as large.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "base/text_buffer.h"
#include "sim/run/roster.h"
#include "sim/run/trace_form.h"
#include "sim/study/open_exchanges.h"

namespace macula::sim {

class ShivizWriter final : public TraceForm {
 public:
  // Both outlive it.
  ShivizWriter(const Roster& roster, std::ostream& out);

  void take(const Told& told, std::string_view fields) override;
  // Nothing follows.
  void finish();

 private:
  // That of a node that has this count.
  struct Event {
    NodeNumber node = kNoNode;
    std::uint32_t count = 0;
  };
  struct Exchange {
    Event left{};  // where the request left; the reply, once the request is handed over
    bool handed = false;
    bool answered = false;  // the reply has left
    bool over = false;
  };

  void sent(const Told& told);
  void handed(const Told& told);
  void replied(const Told& told);
  void packet(const Told& told);
  void exchange_ended(const Told& told);
  void operation(const Told& told);
  // `text` in parts; `cause`: on what it depends besides the node's last one;
  // nullptr: on nothing.
  Event event(const Told& told, NodeNumber node, std::initializer_list<std::string_view> text,
              const Event* cause = nullptr);
  [[nodiscard]] std::string_view name(NodeNumber node) const;

  const Roster* roster_;
  std::ostream* out_;
  std::vector<std::uint32_t> counts_;  // of events, by node
  OpenExchanges<Exchange> exchanges_;
  TextBuffer text_;  // that is to be written
  std::string room_;
};

}  // namespace macula::sim
