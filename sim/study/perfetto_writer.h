// The lines of a trace as trace events, which ui.perfetto.dev and chrome://tracing draw. What is
// drawn how: docs/traces.md. The format: "Trace Event Format", an array of JSON objects.
//
//   PerfettoWriter writer(roster, out);
//   writer.take(R"({"t":1500000,"kind":"sent",..})");   // line by line
//   writer.finish();                                    // now it is valid JSON
//
// What is kept grows with the nodes, and with the operations and exchanges that are under way.
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

class PerfettoWriter {
 public:
  // The roster outlives it.
  PerfettoWriter(const Roster& roster, std::ostream& out);

  void take(std::string_view line);
  void finish();

 private:
  struct Node {
    bool told = false;  // has its name
    bool down = false;  // since a crash
    bool paused = false;
    std::vector<std::string> lanes{};  // its operations that are under way; empty: free
  };
  struct Exchange {
    std::uint64_t number = 0;
    std::string message{};
    bool handed = false;  // the request
    bool left = false;    // the reply
    bool over = false;    // it has an end
  };
  struct Track {
    std::uint32_t process = 0;
    std::uint64_t thread = 0;

    friend bool operator==(const Track&, const Track&) = default;
  };

  void operation_begun();
  void operation_ended();
  void sent();
  void handed();
  void replied();
  void packet();
  void exchange_ended();
  void crashed();
  void node_fault(std::string_view kind, bool Node::*state);
  void node_fault_ended(std::string_view kind, bool Node::*state);
  void partitioned();
  void healed();

  [[nodiscard]] Track track(std::string_view node);
  [[nodiscard]] Track lane(std::string_view node, std::size_t lane);
  [[nodiscard]] std::uint32_t process_of(NodeNumber node);
  void tell_name(std::string_view what, Track track, std::string_view name);

  void begin(char phase, std::string_view name, Track track);
  void place(Track track);
  void end();
  void write();
  void arguments();
  void slice(std::string_view name, Track track);
  void flow(char phase, std::string_view name, Track track, std::uint64_t id);
  void instant(std::string_view name, std::string_view node);
  void span(char phase, std::string_view name);

  const Roster* roster_;
  std::ostream* out_;
  TraceLine line_;
  std::string event_;  // as far as it is written, with the comma that parts it from the last one
  std::unordered_map<std::string_view, NodeNumber> numbers_;  // by name
  std::vector<Node> nodes_;
  std::unordered_map<std::string, std::uint32_t> processes_;  // by region
  bool faults_told_ = false;
  // Where and when the last event is, as events say it.
  Track placed_{};
  std::int64_t placed_at_ = 0;
  std::string place_;
  OpenExchanges<Exchange> exchanges_;
  std::uint64_t exchanges_begun_ = 0;
  std::vector<std::string> partitions_;  // under way
  std::uint64_t partitions_begun_ = 0;
};

}  // namespace macula::sim
