// The lines of a trace as a log for ShiViz: every event of a node with its vector clock, which
// counts the events of each node that it may depend on (Mattern, Virtual Time and Global States of
// Distributed Systems, 1988). What is an event: docs/traces.md.
//
//   ShivizWriter writer(roster, out);
//   writer.take(R"({"t":1500000,"kind":"sent",..})");   // line by line
//
//     eu#0 {"eu#0":3,"eu#7":1}
//     0.001500000s sent find_node to eu#7
#pragma once

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sim/run/roster.h"
#include "sim/study/open_exchanges.h"
#include "sim/study/trace_line.h"

namespace macula::sim {

// A clock has an entry a node, and each event is written with one.
inline constexpr std::size_t kMostShivizNodes = 1000;

class ShivizWriter {
 public:
  // At most kMostShivizNodes of them. The roster outlives it.
  ShivizWriter(const Roster& roster, std::ostream& out);

  void take(std::string_view line);

 private:
  using Clock = std::vector<std::uint32_t>;  // by node
  struct Exchange {
    NodeNumber asker = 0;
    Clock clock{};  // of where the request left; of the reply, once the request is handed over
    bool handed = false;
    bool left = false;  // the reply
    bool over = false;
  };

  void sent();
  void handed();
  void replied();
  void packet();
  void exchange_ended();
  void event(NodeNumber node, std::string_view text);
  void event_at_from(std::string_view text);
  void merge(NodeNumber node, const Clock& other);
  [[nodiscard]] NodeNumber number(std::string_view field) const;
  [[nodiscard]] std::string about() const;

  const Roster* roster_;
  std::ostream* out_;
  TraceLine line_;
  std::unordered_map<std::string_view, NodeNumber> numbers_;  // by name
  std::vector<Clock> clocks_;                                 // by node
  OpenExchanges<Exchange> exchanges_;
  std::string text_;
};

}  // namespace macula::sim
